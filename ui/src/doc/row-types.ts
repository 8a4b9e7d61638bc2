/**
 * A postmortem's parts as the screen reads them: the plain snapshot's types, plus each row's place. Links stand in the
 * document itself and are read through it.
 */
import type {
  ActionItem,
  Actor,
  Anchor,
  AnchorKey,
  Finding,
  ImpactFact,
  ParkingItem,
  Participant,
  RowKind,
  Severity,
  Status,
  TimelineEvent,
} from '@bindings';

/** What every row has besides its own fields. */
export interface Place {
  /** Order key: base 62, sorts by bytes. */
  order: string;
  /** Hidden: kept in the document so that it can come back. */
  deleted: boolean;
}

/** A timeline event with its place. */
export type EventData = TimelineEvent & Place;
/** A finding with its place, without its links. */
export type FindingData = Omit<Finding, 'events' | 'actions'> & Place;
/** An action item with its place, without its helpers. */
export type ActionData = Omit<ActionItem, 'helpers'> & Place;
/** An impact fact with its place. */
export type ImpactData = ImpactFact & Place;
/** A parking-lot item with its place. */
export type ParkingData = ParkingItem & Place;
/** A participant with their place. */
export type ParticipantData = Participant & Place;

/** The data of each kind of row. */
export interface RowData {
  timeline: EventData;
  findings: FindingData;
  actions: ActionData;
  impact: ImpactData;
  parking: ParkingData;
  participants: ParticipantData;
}

/** The collaborative texts of each kind of row. */
export interface RowTexts {
  timeline: 'text';
  findings: 'text' | 'no_action_reason';
  actions: 'text' | 'done_when' | 'evidence' | 'reason' | 'verified_note';
  impact: 'text';
  parking: 'text';
  participants: never;
}

/** The name of a text of some kind of row. */
export type TextName = RowTexts[RowKind];

/** Fields of a row that are replaced as a whole (texts, the row's id and what it collects are not among them). */
export type Patch<K extends RowKind> = {
  [F in Exclude<keyof RowData[K], 'id' | 'number' | 'order' | 'deleted' | 'moves' | 'reopened' | RowTexts[K]>]?: Actor | null extends RowData[K][F] ? Who | null : RowData[K][F];
};

/** What of a person of the directory is copied into the review. */
export interface Copied {
  /** Id in the directory. */
  id: string;
  /** Name to show. */
  name: string;
  /** What they are in the company; may be empty. */
  title: string;
}

/** Who said or did something: an actor, or somebody of the directory who becomes a participant with the same edit. */
export type Who = Actor | { type: 'person'; value: Copied };

/** What stands above the sections. */
export interface Header {
  /** Absent until somebody has judged it. */
  severity: Severity | null;
  /** Where the document is on its way. */
  status: Status;
  /** IANA zone that times are shown in. */
  timezone: string;
  /** Id of the review template. */
  template: string;
  /** Person who brings the document to its end. */
  reviewOwner: string | null;
  /** Ids of services, sorted. */
  services: readonly string[];
  /** Words, sorted. */
  tags: readonly string[];
  /** Version of the document schema. */
  schema: number;
}

/** Fields of the header that are replaced as a whole. */
export type HeaderPatch = Partial<Pick<Header, 'severity' | 'status' | 'timezone' | 'reviewOwner'>>;

/** A text section, in the template's order. */
export interface SectionHead {
  /** Slug. */
  id: string;
  /** Heading as the template had it. */
  title: string;
  /** Order key within the document. */
  order: string;
}

/** The known anchors. */
export type Anchors = Readonly<Partial<Record<AnchorKey, Anchor>>>;
