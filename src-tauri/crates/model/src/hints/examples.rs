//! Sentences of our own, with what is to be found in them.
//!
//! `R1!` is a strong hint of that rule, `R1?` a soft one, `~` is anything but a strong hint, `-` is no hint at all.

use super::{HintKind, HintStrength, People, check};

const SECTION: &[(&str, &str)] = &[
    // R1: what a person should or could have done.
    (
        "R1!",
        "Cathy should have looked at the replica before the restart.",
    ),
    (
        "R1!",
        "The on-call should have escalated after ten minutes.",
    ),
    (
        "R1!",
        "The on-call engineer really should’ve called the database team.",
    ),
    ("R1!", "I shouldn't have run the migration on a Friday."),
    (
        "R1!",
        "We should not have merged that without a second pair of eyes.",
    ),
    ("R1!", "Someone ought to have read the release notes."),
    ("R1!", "- **We** could have drained the node first."),
    ("R1!", "You could've asked in the channel."),
    (
        "R1!",
        "The second responder, however, should have kept the bridge open.",
    ),
    (
        "R1!",
        "The engineer who deployed the change should have watched the dashboard.",
    ),
    ("R1!", "Greg and I should have agreed on one plan."),
    ("R1!", "Our release manager should have frozen the branch."),
    (
        "R1!",
        "Whoever renewed the certificate should have told the others.",
    ),
    ("R1!", "One of the engineers should have taken the pager."),
    ("R1!", "We should have been more careful with the flag."),
    (
        "R1!",
        "We could have been faster if the runbook had been linked.",
    ),
    ("R1!", "We shouldve paged the network team right away."),
    ("R1!", "We should of tested the rollback."),
    (
        "R1!",
        "I should have, at the very least, saved the old configuration.",
    ),
    ("R1!", "People should have gone through the checklist."),
    ("R1!", "@greg should have waited for the canary."),
    ("R1!", "The team should have written a runbook."),
    (
        "R1!",
        "The reviewers (there were two) should have asked for a test.",
    ),
    (
        "R1!",
        "While draining, we could have checked the queue and stopped.",
    ),
    ("R1!", "There are things we could have done better."),
    ("R1?", "We would have noticed the drop with a graph."),
    ("R1?", "We couldn't have guessed this."),
    ("R1?", "Could we have found it sooner?"),
    ("R1?", "We asked how we could have shortened the outage."),
    ("R1!", "We should have set up an alert before the move."),
    ("R1!", "We should have updated DNS first."),
    ("R1!", "We should have double checked the host name."),
    ("R1!", "We should, of course, have asked."),
    (
        "R1!",
        "The engineer on duty should have opened the runbook.",
    ),
    ("R1!", "Whoever held the pager ought not to have muted it."),
    ("R1?", "We could have used the replica, but it was behind."),
    ("R1?", "They should have checked the version."),
    (
        "~",
        "The engineer who noticed said the service failed to start.",
    ),
    (
        "~",
        "A page from the engineer on duty should have opened the ticket.",
    ),
    ("~", "We could have lost all the data."),
    (
        "~",
        "By 20:12 we should have recovered, but the queue still grew.",
    ),
    (
        "~",
        "If the cache were the problem, we should have seen more misses.",
    ),
    ("-", "You should have received an e-mail by now."),
    ("-", "We should have alerts for this queue."),
    ("-", "We should have automated alerts on certificate age."),
    ("-", "We should have a second replica in the other zone."),
    ("-", "Every team should have read access to the logs."),
    ("-", "The service should have three replicas."),
    ("-", "I should have time for it on Monday."),
    (
        "-",
        "It could have been the cron job, so I looked at its log first.",
    ),
    ("-", "Users should have been able to log in again."),
    (
        "-",
        "We had to wait, as a restart would have taken an hour.",
    ),
    ("~", "The JVM should have restarted by itself."),
    (
        "~",
        "The health check should have removed the pod from the pool.",
    ),
    ("-", "All sessions should have recovered by now."),
    ("~", "Puppet should have run at 20:12."),
    // R2: hidden agents.
    ("R2!", "This could have been avoided."),
    (
        "R2!",
        "The outage could easily have been prevented with a dry run.",
    ),
    ("R2!", "It might have been averted by a smaller batch."),
    ("R2!", "The patch should have been reviewed by two people."),
    ("R2!", "A full restore should have been tested months ago."),
    ("R2!", "The database team should have been next."),
    (
        "R2!",
        "The change shouldn't have been deployed on a Friday.",
    ),
    (
        "R2!",
        "This flag should never have been enabled in production.",
    ),
    (
        "R2!",
        "Support should have been told, which should have been done by us.",
    ),
    ("R2!", "The alarm could have been noticed much earlier."),
    ("R2!", "It should have been escalated after five minutes."),
    ("R2!", "The switch could have been handled better."),
    ("R2?", "Status page subscribers should have been notified."),
    ("R2?", "The spike could have been detected."),
    ("R2?", "Could this have been prevented?"),
    ("R2?", "It was a preventable outage."),
    ("~", "The issue should have been resolved for all users."),
    ("~", "Traffic should have been restored by 14:00."),
    ("~", "The job should have been started by systemd."),
    ("~", "It could not have been avoided."),
    ("-", "The error could have been caused by the proxy."),
    ("-", "Customers in Europe should have been unaffected."),
    ("-", "This should not have been possible."),
    ("-", "The message could have been sent twice."),
    // R3: if and had.
    (
        "R3!",
        "If we had tested the rollback, the outage would have ended at noon.",
    ),
    (
        "R3!",
        "Had Cathy looked at the second graph, we would have known.",
    ),
    (
        "R3!",
        "If I'd read the ticket, I could have stopped the job.",
    ),
    (
        "R3!",
        "The queue would have drained if the on-call had paused the import.",
    ),
    (
        "R3!",
        "If somebody hadn’t restarted it, the logs would still have been there.",
    ),
    (
        "R3?",
        "If the alert had fired, it would have been a short night.",
    ),
    ("R3?", "A canary would have caught this."),
    ("R3?", "It would have been shorter if we had been told."),
    ("-", "If we have a snapshot, we can restore it."),
    ("~", "If we had a snapshot, we would restore it."),
    (
        "-",
        "Even if the change had issues, validation comes before the restart.",
    ),
    ("-", "It looked as if the disk had failed."),
    ("-", "We had restarted the proxy when the page came."),
    ("-", "Had a look at the graphs: nothing."),
    // R4: omissions.
    ("R4!", "The on-call failed to escalate."),
    ("R4!", "We forgot to renew the certificate."),
    ("R4!", "I completely forgot to tell support."),
    ("R4!", "Forgot to drain the node."),
    ("R4!", "Greg ignored the warning."),
    ("R4!", "The team overlooked the second cluster."),
    ("R4!", "The developers neglected to update the runbook."),
    ("R4!", "We had overlooked the cron job."),
    ("R4!", "Nobody bothered to read the page."),
    ("R4!", "The engineer did not bother to check."),
    ("R4!", "We didn't think to look at DNS."),
    (
        "R4!",
        "I looked at the dashboard but forgot to check the replica.",
    ),
    (
        "R4!",
        "Due to a failure to communicate, both regions were patched at once.",
    ),
    ("R4!", "Failure to follow the checklist was what hurt us."),
    ("R4!", "Failing to verify the backup cost us two hours."),
    (
        "R4!",
        "None of us checked, and one of us failed to speak up.",
    ),
    ("R4!", "Both engineers failed to see the second alert."),
    ("R4?", "We did not check the second region."),
    ("R4?", "I never tested the restore."),
    ("R4?", "Nobody noticed the red panel."),
    ("R4?", "No one checked the second region."),
    ("R4?", "Nobody on the team thought to ask."),
    ("-", "We were never told about the move."),
    (
        "~",
        "We tried to reach the vendor and failed to get an answer.",
    ),
    ("R4?", "We missed the second alert."),
    ("R4?", "The warning was overlooked."),
    ("R4?", "I accidentally deleted the wrong volume."),
    ("~", "We failed to connect to the bastion host."),
    ("-", "The service failed to start."),
    ("-", "The pods that we deployed failed to start."),
    ("~", "The service owned by the team failed to start."),
    ("-", "The deployment controller failed to reconcile."),
    ("~", "The operator failed to reconcile the resource."),
    ("-", "The cluster manager failed to elect a leader."),
    ("-", "Greg's script failed to run."),
    ("-", "Two builds failed to finish and were retried."),
    ("-", "After failing over, the replica failed to catch up."),
    (
        "-",
        "Requests failed to reach the origin, timed out, and failed to retry.",
    ),
    (
        "-",
        "A failure to SSH into the host made us suspect the network.",
    ),
    ("-", "The probe keeps failing to check the endpoint."),
    (
        "-",
        "Clients failing to verify the certificate retried at once.",
    ),
    (
        "~",
        "A failure to communicate with the database filled the queue.",
    ),
    ("-", "We failed to the other site by hand."),
    ("-", "We did not know whether the disk was full."),
    ("-", "I did not see a relation and continued."),
    ("-", "We did not receive alerts."),
    ("-", "We were not paged."),
    ("-", "We do not have a test cluster."),
    ("-", "Nginx ignored the setting."),
    ("-", "The setting was silently ignored."),
    ("-", "The migration mistakenly ran twice."),
    ("-", "I was unsure why the upgrade did not catch that."),
    // R5: human error.
    ("R5!", "The cause was human error."),
    ("R5!", "Human error: wrong region chosen."),
    ("R5!", "Note: user error was made here."),
    ("R5!", "Root cause: human error"),
    (
        "R5!",
        "Due to an operator mistake, both nodes were rebooted.",
    ),
    ("R5!", "There was a human error during the switch."),
    (
        "R5!",
        "An operator error extended the outage by ten minutes.",
    ),
    ("R5!", "The outage was caused by manual error."),
    (
        "R5!",
        "The wrong file was deleted because of an engineer's mistake.",
    ),
    (
        "R5!",
        "It was caused by a mistake made by one of our engineers.",
    ),
    ("R5?", "We talked about human error."),
    ("R5?", "It was my mistake to think so."),
    ("~", "Make the tool safe against human error."),
    ("~", "A checklist reduces human errors."),
    ("-", "Human error is never a root cause."),
    ("-", "The dashboard filled up with user errors."),
    ("-", "The manual error handling in the parser is gone."),
    ("-", "This was not human error."),
    // R6: judgement.
    ("R6!", "That was a careless change."),
    ("R6!", "The deploy was negligent."),
    ("R6!", "It was Greg's fault."),
    ("R6!", "It was entirely our fault."),
    ("R6!", "The on-call was lazy."),
    ("R6!", "It was a stupid mistake."),
    ("R6!", "The network team is to blame."),
    ("R6!", "We messed up the migration."),
    ("R6!", "The vendor was reckless and sloppy."),
    ("R6?", "Testing was inadequate."),
    ("R6?", "The alert was poorly worded."),
    ("R6?", "There was insufficient monitoring."),
    ("-", "The images are lazy-loaded."),
    ("-", "Lazy loading of the module delayed the start."),
    ("-", "A lazy unmount freed the device."),
    ("-", "The culprit was a slow query."),
    ("-", "The cache was to blame for the spike."),
    ("-", "This review is not about whom to blame."),
    ("-", "A page fault in the kernel module caused the crash."),
    ("-", "Poor connectivity kept the backup from ending."),
    ("-", "Insufficient disk space stopped the import."),
    ("-", "Nobody is at fault."),
    ("-", "We blamed the network first."),
    // R7: hindsight.
    ("R7!", "In hindsight, the restart should have waited."),
    ("R7!", "We should have known that the disk was full."),
    ("R7!", "The team should have realised it sooner."),
    ("R7!", "It was obvious that the disk was full."),
    ("R7!", "The problem should have been obvious."),
    ("R7?", "In retrospect the pattern is there."),
    ("R7?", "If only we had looked."),
    ("~", "At 16:20 it was obvious that the disk was full."),
    ("-", "It quickly became obvious that DNS was down."),
    // R8: a single cause.
    ("R8!", "Root cause: Greg"),
    ("R8!", "The root cause was the on-call engineer."),
    ("R8?", "The root cause is not known yet."),
    ("-", "Several things contributed."),
    // R9: be careful.
    ("R9!", "Be more careful with terraform."),
    ("R9!", "Engineers must be careful when they drain nodes."),
    ("R9!", "Pay more attention to the disk alerts."),
    ("R9!", "Everyone should pay attention to the channel."),
    ("R9!", "Care must be taken when the primary is restarted."),
    ("R9!", "Don't forget to drain the node."),
    ("R9!", "Remember to drain the node."),
    ("R9!", "We need to remember to update the runbook."),
    ("R9!", "Remind the team to read the checklist."),
    ("R9!", "Take more care with production credentials."),
    ("R9!", "Next time, check the replica first."),
    ("R9!", "We will ask for a review next time."),
    ("R9!", "Try harder to keep the runbook current."),
    ("R9!", "Tell the developers to run the tests."),
    ("R9?", "Train everyone on the new console."),
    ("R9?", "Make sure that all engineers know the runbook."),
    ("-", "The scheduler is careful about memory."),
    ("-", "We were careful not to touch the primary."),
    ("-", "A careful review found two more."),
    ("-", "Greg took care of the restart."),
    ("-", "The support team takes care of refunds."),
    ("-", "The next time the job ran, it failed again."),
    ("~", "We will see this again next time it rotates."),
    ("-", "I reminded the team to save their work."),
    ("-", "The linter will tell you about it."),
    ("-", "Ensure the alert fires within a minute."),
    // R10: why, at a person.
    ("R10!", "Why didn't you call Greg?"),
    ("R10!", "Why did the on-call restart the primary?"),
    ("R10!", "Why would anyone run that by hand?"),
    ("R10!", "Why had Cathy not looked at the second graph?"),
    ("R10?", "Why was this not caught in review?"),
    ("R10?", "It is unclear why we decided to wait."),
    ("~", "Why did we not get an alert?"),
    ("~", "Why were we not paged?"),
    ("-", "Why did the alert fire so late?"),
    ("-", "Why was the disk full?"),
    ("-", "That is why we waited."),
    // R11: a name beside the harm.
    ("R11!", "Greg deleted the wrong volume."),
    ("R11!", "Cathy then accidentally took down the proxy."),
    ("R11!", "The table was dropped by Greg."),
    ("R11!", "The volume was deleted accidentally by Greg."),
    ("-", "The tool shows broken links by Greg."),
    ("-", "Greg restarted the proxy."),
    ("-", "Greg dropped off the call."),
    ("-", "Greg's change was merged."),
    // What is masked.
    ("-", "The alert said “you should have checked the disk”."),
    ("-", "Run `we_should_have_tested` first."),
    ("-", "> Greg should have looked at the graph."),
    ("-", "16:05 <greg> I should have looked at the graph"),
    ("-", "@greg: I should have looked at the graph"),
    ("-", "Greg: I should have looked at the graph"),
    (
        "-",
        "2024-05-01T10:00:00Z ERROR we failed to notify the operator",
    ),
    (
        "-",
        "See https://example.org/we-should-have-tested for more.",
    ),
    ("-", "[notes](we should have tested.md) are linked."),
    (
        "-",
        "<!-- What should you have known? We should have asked. -->",
    ),
    (
        "-",
        "Something's off with 'we should have tested' as a title.",
    ),
    // Good writing.
    (
        "-",
        "At 16:09 the first responder saw the red panel and opened the runbook.",
    ),
    ("-", "The replica has no panel on that page."),
    (
        "-",
        "From 02:10 to 02:40 one person worked alone; the escalation list was not linked.",
    ),
    ("-", "What did you see when the page came?"),
    ("-", "Customers told us first."),
    (
        "-",
        "We decided against a rollback because the schema had changed.",
    ),
];

const FINDING: &[(&str, &str)] = &[
    ("R12?", "We need to add an alert on the queue."),
    ("R12?", "An alert should be added for disk space."),
    ("R11?", "Greg had no access to the console."),
    ("R1!", "The on-call should have looked."),
    ("-", "No alert fires when login errors rise."),
    ("-", "Two people needed to know the password."),
];

const TIMELINE: &[(&str, &str)] = &[
    ("R13?", "Cathy restarted the proxy and then called Greg."),
    ("R13?", "The node was drained."),
    ("-", "Cathy restarted the proxy."),
    ("-", "The disk filled up and the import stopped."),
    ("-", "The node was drained by the second responder."),
];

const ACTION: &[(&str, &str)] = &[
    ("R9!", "Be careful when you drain nodes"),
    ("R9!", "Next time ask for a review"),
    ("R9!", "Check configuration changes more carefully"),
    (
        "R9!",
        "Ask people to pay closer attention to the alert channel",
    ),
    // R14: no visible end.
    ("R14?", "Investigate the slow restore"),
    ("R14?", "We need to improve our dashboards"),
    ("R14?", "Look into the retry storm of the export workers"),
    ("R14?", "Think about a second region"),
    ("R14?", "Keep an eye on the queue"),
    ("R14?", "Continue to watch the error rate"),
    ("R14?", "Better documentation for the failover"),
    ("R14?", "More alerts"),
    ("R14?", "Consider moving the cron jobs"),
    ("R14?", "Review the thresholds"),
    ("R14?", "Make sure the certificate is renewed"),
    ("-", "Improve the p99 of sign-in to 300 ms"),
    (
        "-",
        "Investigate why the cache stayed cold and write down what we find",
    ),
    (
        "-",
        "Review the alerts of login until each one has a runbook",
    ),
    ("-", "Alert when the queue is older than 5 minutes"),
    ("-", "Show the age of the search index on its page"),
    // R15: two actions.
    (
        "R15?",
        "Add an alert for the queue and remove the old dashboard",
    ),
    (
        "R15?",
        "Write the runbook for failover, then rename the on-call channel",
    ),
    ("R15?", "Fix the retry loop and also delete the old workers"),
    ("-", "Write and publish the runbook for failover"),
    ("-", "Add a test and an alert for the queue"),
    ("-", "Add a script to drain the node and restart the proxy"),
    ("-", "Make the deploy tool stop and print the reason"),
    (
        "-",
        "Page the on-call when the replica lags and the queue grows",
    ),
    ("-", "Add a careful-mode switch to the drain tool"),
    ("-", "Make the drain tool list the pods first"),
];

#[test]
fn every_example_gets_what_it_deserves() {
    let people = People::new(["Cathy Jones", "Greg"]);
    let mut wrong = Vec::new();
    let all = [
        (HintKind::Section, SECTION),
        (HintKind::Finding, FINDING),
        (HintKind::Timeline, TIMELINE),
        (HintKind::Action, ACTION),
    ];
    for (kind, examples) in all {
        for (expected, text) in examples {
            let hints = check(text, kind, &people).hints;
            let found: Vec<String> = hints
                .iter()
                .map(|hint| {
                    let sign = match hint.strength {
                        HintStrength::Strong => '!',
                        HintStrength::Soft => '?',
                    };
                    format!("{:?}{sign}", hint.rule)
                })
                .collect();
            let strong = hints
                .iter()
                .any(|hint| hint.strength == HintStrength::Strong);
            let good = match *expected {
                "-" => found.is_empty(),
                "~" => !strong,
                soft if soft.ends_with('?') => !strong && found.iter().any(|one| one == soft),
                strong => found.iter().any(|one| one == strong),
            };
            if !good {
                wrong.push(format!("{expected} expected, found {found:?}: {text}"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "each sentence gets the hint that its writer would accept:\n{}",
        wrong.join("\n")
    );
}
