/**
 * What a facilitator can ask and say: questions by the kind of statement that was heard, and sentences for the moments in
 * which a meeting goes astray. After the practice of debriefing facilitators; the words are ours.
 */

/** What somebody has just said, and what to ask then. */
export interface Heard {
  /** The kind of statement. */
  heard: string;
  /** How it sounds. */
  like: string;
  /** What to ask. */
  ask: readonly string[];
}

/** Questions by the kind of statement that was heard. */
export const questions: readonly Heard[] = [
  { heard: 'Something seen', like: '“I saw the queue grow.”', ask: ['What made you look there?', 'What did it look like just before?'] },
  { heard: 'A judgement', like: '“It looked serious.”', ask: ['How could you tell?', 'What would have looked harmless?'] },
  { heard: 'A decision', like: '“So I restarted it.”', ask: ['Which other options did you see?', 'What was pressing you just then?'] },
  { heard: 'Something known', like: '“I knew it was the cache.”', ask: ['How did you come to know that?', 'Who else knew?'] },
  { heard: 'A feeling', like: '“I was worried.”', ask: ['What else was going on at that moment?', 'What would have helped?'] },
  { heard: 'A habit', like: '“Usually that goes away.”', ask: ['What does a normal day look like there?', 'What was different this time?'] },
  { heard: 'An action', like: '“I rolled it back.”', ask: ['What else could you have tried?', 'How did you know that it had worked?'] },
  { heard: 'Help was asked for', like: '“Then I called Mei.”', ask: ['What tipped it at that moment?', 'How did you know whom to call?'] },
  { heard: '“Obviously”', like: '“It was obviously the disk.”', ask: ['Is that obvious to everyone here?', 'When did it become clear?'] },
  { heard: 'Time to zoom out', like: 'Much detail, few voices', ask: ['How much of this is new to people in the room?', 'Who knew all the moving parts?'] },
];

/** A moment in which a meeting goes astray, and what to say to everybody. */
export interface SetPiece {
  /** The moment. */
  when: string;
  /** What to read out. */
  say: string;
}

/** Sentences to read out. */
export const setPieces: readonly SetPiece[] = [
  { when: 'Blame was heard', say: 'Let us put it differently: what could lead anyone in that seat to do the same?' },
  { when: 'A why-question was heard', say: 'I would like to ask that as a how: how did it look from where you stood?' },
  { when: 'One voice for long', say: 'Thank you. I would like to hear how this looked to somebody who has not spoken yet.' },
  { when: 'Somebody is silent', say: 'Let us hear from everyone, one sentence each. You may pass.' },
  { when: 'Off the subject', say: 'That matters and belongs elsewhere. It goes to the parking lot, and we go on.' },
  { when: 'A fix too early', say: 'We keep that idea. First we want to understand; actions come at the end.' },
  { when: 'Blame from above', say: 'Were there warning signs that anyone could have seen, and what did they look like then?' },
  { when: 'Two accounts differ', say: 'Both can be true from where you stood. We write both down.' },
];

/** What holds for everybody in the room, shown when a review opens. */
export const groundRules: readonly string[] = [
  'We want to understand how it looked from inside, not to decide who was right.',
  'We ask how and what. Whoever hears a why-did-you or a should-have says so.',
  'Ideas for fixes are welcome: they are parked and come back near the end.',
  'Accounts may differ. We keep both.',
  'Nobody is reprimanded for what is said here.',
];
