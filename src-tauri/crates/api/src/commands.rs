//! Every command, declared once: name, request, response, and what it does. The dispatcher of both shells and the
//! TypeScript bindings are made from this list.

/// Hands the whole list to a macro, as `name: Request => Response, "what it does";` lines.
#[macro_export]
macro_rules! for_each_command {
    ($with:ident) => {
        $with! {
            session: Empty => Session, "Who sits here, in which workspace.";
            set_me: SetMe => Session, "Says who sits at this computer.";
            postmortem_list: PostmortemFilter => PostmortemPage, "A page of the list of postmortems.";
            postmortem_new: NewPostmortem => DocRef, "Makes a postmortem from a template.";
            postmortem_get: DocRef => Postmortem, "The plain snapshot of one postmortem.";
            postmortem_derived: DocRef => PostmortemDerived, "Durations, phase bar and completeness checks of one postmortem, unsaved edits included, and whether it is in the trash.";
            postmortem_open_actions: DocRef => OpenActions, "What a postmortem would leave open if it went.";
            postmortem_trash: DocRef => Empty, "Moves a postmortem to the trash.";
            postmortem_restore: DocRef => Empty, "Takes a postmortem out of the trash.";
            postmortem_erase: DocRef => Empty, "Erases a trashed postmortem, its log and its images for good.";
            trash_empty: TrashSeen => Empty, "Erases for good what was shown in the trash; a conflict when more lies there.";
            demo_new: DemoNew => DocRef, "Makes the example: the login outage, or a whole year of incidents with it.";
            action_list: ActionFilter => ActionPage, "A page of action items of all postmortems.";
            action_set: ActionSet => ActionChanged, "Changes fields of one action item through its document.";
            row_history: RowRef => Vec<HistoryEntry>, "Every change of one row, newest first.";
            version_list: DocRef => Vec<Version>, "Named versions and stretches of edits, newest first.";
            version_name: VersionName => Version, "Names the present state.";
            version_diff: VersionPair => VersionDiff, "A readable difference between two versions.";
            version_restore: VersionRef => Empty, "Makes an older version the present one, as a new edit.";
            search: SearchQuery => SearchHits, "Looks through everything that was ever written here.";
            directory: Empty => DirectoryView, "People, services, themes and shared settings.";
            person_save: Person => Person, "Adds (empty id) or changes a person.";
            service_save: ServiceSave => Service, "Adds (empty id) or renames a service.";
            service_remove: IdRef => Empty, "Takes a service out of the directory.";
            settings_save: SettingsSave => Empty, "Changes the settings that everybody shares.";
            tracker_save: Tracker => Tracker, "Adds (empty id) or changes a tracker. Not for guests.";
            tracker_remove: IdRef => Empty, "Forgets a tracker; tickets stay as they are. Not for guests.";
            ticket_draft: TicketItem => TicketDraft, "The ticket of an action item, and the page of every tracker on which it is filled in. Not for guests.";
            tickets_export: TicketsExport => Exported, "Action items as tickets yet to be made: Markdown, or a table that Jira imports. Not for guests.";
            tickets_match: TicketsPasted => TicketsMatched, "Which action items pasted tickets belong to. Changes nothing. Not for guests.";
            template_list: Empty => Vec<TemplateRow>, "Every template, built-in ones first.";
            template_get: IdRef => TemplateSource, "The file of one template.";
            template_check: TemplateSource => TemplateChecked, "Says what is wrong in a template's file.";
            template_save: TemplateSource => TemplateRow, "Stores a good template; refuses a broken one.";
            template_remove: IdRef => Empty, "Removes a template of this workspace; a changed built-in one goes back to how it came.";
            export_templates: Empty => Vec<ExportTemplate>, "The template of every page that is exported, the built-in one and the workspace's own. Not for guests.";
            export_template_try: TemplateSource => ExportTemplateTried, "Says what is wrong in an export template, or makes its page of example data. Not for guests.";
            export_template_save: TemplateSource => Empty, "Stores a good export template; refuses a broken one. Not for guests.";
            export_template_restore: IdRef => Empty, "Makes a page from the built-in template again. Not for guests.";
            row_authors: DocRef => Vec<RowAuthor>, "Who wrote each finding, event, action item and parked line first, as far as that is known.";
            meetings_open: Empty => Vec<OpenMeeting>, "The review meetings that go on now. Not for guests.";
            meeting: DocRef => MeetingFound, "The review meeting of a postmortem as the caller may see it.";
            meeting_open: MeetingOpen => MeetingFound, "Opens the review meeting, or finds it open.";
            meeting_do: MeetingDo => MeetingFound, "Does something in the review meeting.";
            meeting_promises: DocRef => Promises, "What earlier reviews of the same services or tags promised and has not been done. Not for guests.";
            share_interfaces: Empty => ShareInterfaces, "The addresses on which a meeting can be shared.";
            share_start: ShareStart => ShareFound, "Lets guests into a review meeting: from now on a port is open.";
            share_stop: Empty => ShareFound, "Closes the port and sends the guests away.";
            share_state: Empty => ShareFound, "The meeting that is shared, its link, code and guests.";
            guest_right: GuestRight => ShareFound, "Lets a guest write, or read along alone.";
            guest_free: GuestRef => ShareFound, "Lets another device join under the name of a guest who is not connected.";
            guest_remove: GuestRef => ShareFound, "Sends a guest away.";
            summary: SummaryAsk => Summary, "The figures of a period for an audience. Not for guests.";
            summary_page: SummaryRequest => SummaryMade, "Makes the page of a summary, to be looked at. Not for guests.";
            summary_export: SummaryExport => Exported, "The summary of a period as a file's content. Not for guests.";
            summary_save: SummarySave => Saved, "Writes the summary of a period to a file. Desktop alone.";
            publish: Publish => PublishedCopy, "Keeps a summary or a post as it is now, as a published copy. Not for guests.";
            publish_anew: IdRef => PublishedCopy, "Publishes once more what a copy was made from; the copy stays. Not for guests.";
            published: PublishedList => PublishedPage, "Published copies, newest first. Not for guests.";
            published_page: IdRef => PublishedShown, "The page of a published copy, to be looked at. Not for guests.";
            published_difference: IdRef => PublishedDifference, "What a published copy says otherwise than it would if it was made now. Not for guests.";
            published_export: PublishedExport => Exported, "A published copy as a file's content. Not for guests.";
            published_save: PublishedSave => Saved, "Writes a published copy to a file. Desktop alone.";
            published_delete: IdRef => Empty, "Deletes a published copy for good. Not for guests.";
            hints: HintsAsk => HintReport, "Where a text of a postmortem judges people, and what to write or ask instead.";
            time_read: TimeText => TimeRead, "What a typed time means.";
            customer_post: DocRef => CustomerPost, "The post for customers: edited texts or drafts, what must not stand in them, and the updates.";
            customer_post_begin: DocRef => CustomerPost, "Puts the drafts of the post for customers into the document, so that they can be edited there.";
            export: ExportRequest => Exported, "One postmortem as text.";
            export_save: ExportSave => ExportSaved, "Writes an export to a file. Desktop alone.";
            import: ImportRequest => Imported, "Makes a postmortem from an exported file.";
            account_list: Empty => AccountsView, "Accounts of a served workspace, and the invitations that are still good.";
            account_invite: AccountInvite => Invited, "Makes a link that lets somebody in once.";
            account_device: Empty => Invited, "Makes a link that signs one's own other device in, once.";
            account_role: AccountRoleSet => Empty, "Gives an account another role.";
            account_end: IdRef => Empty, "Ends an account, and what it has open.";
            invitation_withdraw: IdRef => Empty, "Makes an invitation worthless.";
            session_list: SessionList => Vec<SessionRow>, "Devices that are signed in: one's own, or everybody's for an admin.";
            session_end: IdRef => Empty, "Ends a session, and what it has open.";
            postmortem_access: DocRef => PostmortemAccessView, "Who may see a postmortem of a served workspace.";
            postmortem_access_set: PostmortemAccessSet => PostmortemAccessView, "Says who may see a postmortem of a served workspace.";
            audit_list: AuditList => AuditPage, "A page of the audit log of a served workspace, newest first.";
            workspace_info: Empty => WorkspaceInfo, "Size and contents of the workspace file.";
            workspace_backup: PathRef => Saved, "Writes a consistent copy of the workspace. Desktop alone.";
            workspace_check: Empty => CheckReport, "Checks integrity and the derived tables against the log.";
        }
    };
}
