/**
 * Conversations in English. A thread is a list of turns; a turn says who speaks (a place in the thread's cast), in which words
 * (one of several), and perhaps which turn it answers. `{slots}` keep their value through the thread.
 */
export const SLOTS = {
  version: ['2.8', '2.8.1', '2.9', '2.9.2', '3.0-rc1', '3.0', '3.0.1', '3.1', '3.1.4', '3.2'],
  feature: ['the export dialog', 'shared views', 'the new search', 'offline drafts', 'the member list', 'link previews', 'the invite flow', 'dark mode', 'saved filters', 'the activity feed', 'keyboard shortcuts', 'the onboarding tour'],
  service: ['the gateway', 'the billing worker', 'the search indexer', 'the mailer', 'the image resizer', 'the auth service', 'the webhook sender', 'the import job', 'the report builder'],
  customer: ['Northwind', 'the Lisbon team', 'Halden Bank', 'the university', 'Kestrel Air', 'the Osaka office', 'Bluebird Schools', 'the city of Graz', 'Marlow & Sons'],
  day: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'],
  time: ['09:30', '10:00', '11:15', '13:30', '14:00', '15:45', '16:30'],
  minutes: ['4', '7', '9', '12', '18', '23', '35'],
  percent: ['3 %', '7 %', '12 %', '18 %', '24 %', '31 %', '40 %'],
  number: ['14', '37', '52', '86', '120', '240', '310', '1,200'],
  ms: ['40 ms', '85 ms', '120 ms', '180 ms', '310 ms', '900 ms'],
  ticket: ['ATR-114', 'ATR-207', 'ATR-233', 'ATR-251', 'ATR-268', 'ATR-290', 'ATR-302', 'ATR-318', 'ATR-344', 'ATR-371'],
  browser: ['Safari', 'Firefox', 'Chrome on Android', 'the iPad', 'Edge', 'an old Firefox ESR'],
  place: ['the noodle place', 'the canteen', 'the Lebanese bakery', 'the market hall', 'the taco truck', 'the new ramen bar', 'the Italian on the corner'],
  dish: ['falafel', 'dumplings', 'the lentil soup', 'pad thai', 'the mushroom pizza', 'bibimbap', 'the daily curry'],
  module: ['`session-cache.ts`', '`fan-out.ts`', '`rooms.repository.ts`', '`upload.controller.ts`', '`invite.service.ts`', '`pagination.ts`', '`outbox.ts`', '`presence.ts`'],
};

export const THREADS = {
  product: [
    [
      [0, ['Interviews on {feature}: eight people, and six of them never noticed it was there.', 'I went through last week’s calls about {feature}. Most people find it, few finish.', '{customer} asked again about {feature}. That makes {number} requests this quarter.']],
      [1, ['Is it the name or the place? We moved it below the fold in {version}.', 'Do we know where they drop out?', 'Same ask as {customer} had in spring, I think.'], { reply: 0 }],
      [0, ['The place, mostly. Two people asked support how to do what the button says.', 'Second step. They expect it to save by itself.', 'Yes. They worked around it with a spreadsheet, which tells you enough.']],
      [2, ['I can try a variant with the button in the header. Half a day, no backend.', 'Could we ship the small fix first and keep the redesign for {version}?', 'I have a sketch from the last round that might fit. I’ll dig it out.']],
      [1, ['Small fix first, please. It is {percent} of the drop-outs.', 'Good. Let’s measure for a week before we touch anything else.', 'Works for me. I’ll write it up as {ticket}.'], { reply: 3 }],
      [0, ['Agreed. Review on {day} at {time}?', 'Then let’s decide on {day}.', 'Perfect, thanks both.']],
    ],
    [
      [0, ['Planning for {version}: I have room for three things. My list: {feature}, the quota page, fewer e-mails.', 'Draft of the roadmap is up. The big one for {version} is {feature}.', 'What do we drop if {feature} takes two weeks longer?']],
      [1, ['Fewer e-mails gets my vote. I muted ourselves last month.', 'I’d swap the order. {customer} renews before we would ship that.', 'The quota page. Nobody has asked for it since we raised the limits.'], { reply: 0 }],
      [3, ['Support would cheer: {number} tickets a month are “how do I stop this”.', 'From the on-call side: please let {service} get its week of care first.', 'Can we keep one slot free for what {day}’s review brings up?']],
      [2, ['Then the estimate is honest at five days, not three. {service} needs a change too.', 'I can start on {day} if the copy is final by then.', 'The risky part is the migration. Everything else is a day.']],
      [0, ['Fine. Five days, and we say so to {customer}.', 'OK, written down that way. Shout by {day} if you disagree.', 'Good points. I’ll move things around and post the new version here.']],
    ],
    [
      [0, ['Numbers for the week: sign-ups up {percent}, and people who invite somebody up {percent}.', 'Weekly numbers are in. Activation is flat, retention is up {percent}.', 'The A/B test on {feature} is done: B wins by {percent}, {number} workspaces each.']],
      [2, ['Up because of the change, or because of the conference?', 'Which cohort? January still has the broken e-mail in it.', 'Does that hold on mobile?'], { reply: 0 }],
      [0, ['Conference adds maybe a third. The rest stays when I take {customer} out.', 'New ones only. I left January out.', 'Less, but yes. Mobile is {percent}.']],
      [1, ['I’ll take it. Ship B?', 'Nice. Let’s not celebrate before the second week, though.', 'Then we should tell marketing before they print the old screenshot.']],
      [3, ['Already told {customer}, they were kind about it.', 'Can I quote that in the newsletter?', '🎉']],
    ],
    [
      [3, ['{customer} reports that {feature} “sometimes forgets”. I could not make it happen.', 'Ticket from {customer}: {feature} shows yesterday’s data until they reload.', 'Three people on {browser} say {feature} jumps while they type.']],
      [2, ['Sometimes is my favourite word. Do they use two tabs?', 'How large is their workspace? That smells like the cache.', 'I’ve seen that! Only on {browser}, only with a long list.'], { reply: 0 }],
      [3, ['Two tabs, and a laptop that sleeps in between.', '{number} members, so larger than most.', 'I asked for a recording, it is in {ticket}.']],
      [2, ['Got it. The tab that wakes up writes its old state back. Fix is small.', 'Reproduced in {minutes} minutes. We read from before the write when it is that large.', 'Found it: we measure before the fonts are there. Patch tomorrow.']],
      [0, ['Thank you! Does it go into {version} or earlier?', 'Great find. Please add the case to the tests, it will come back otherwise.', 'I’ll let them know. They like it when we are fast.']],
    ],
  ],
  design: [
    [
      [0, ['New round on {feature}: https://design.example/atrium/{ticket}. Please look at the empty state first.', 'Second draft of {feature} is up. I threw away the tabs.', 'Could I get ten minutes of eyes on {feature}? Two directions, A is calm, B is dense.']],
      [1, ['The empty state is lovely. The button says “Create”, everywhere else we say “New”.', 'Without the tabs it finally breathes.', 'B for people who live in it, A for everyone else. Do we have to choose?'], { reply: 0 }],
      [2, ['Contrast of the grey on grey is 3.1:1. We need 4.5.', 'How does it look with a name of forty characters? Or in German?', 'What happens at 320 px? The third column worries me.']],
      [0, ['Right, I’ll take the next darker step. Same grey as in the sidebar then.', 'It wraps to two lines and stays readable. German is in frame 7.', 'It becomes a list. I’ll add the frame, good catch.'], { reply: 2 }],
      [3, ['From support: people call this “the box”. Maybe so should we.', 'Could the error say what to do, not just that it went wrong?', 'I would move the date to the right. Our eyes go there anyway.']],
      [0, ['Stealing that.', 'Yes. “Could not save. Your text is kept, try again.”', 'Tried it, kept it. New version in the same link.']],
    ],
    [
      [0, ['Proposal: one size for all icons, 20 px, and no more coloured ones.', 'I would like to retire the third shade of blue. It is used in {number} places, all by accident.', 'Animations: I suggest 150 ms for everything that moves, and nothing that bounces.']],
      [2, ['Please. I have four icon components that do the same.', 'I can do that in one commit, the tokens are all in one file by now.', 'And honour reduced motion, since we are there.'], { reply: 0 }],
      [1, ['What about the status dots? They need colour to mean anything.', 'Does marketing know? The landing page is full of it.', 'The toast may bounce a little. It is a toast.']],
      [0, ['Dots keep their colour, plus a shape for those who do not see it.', 'They do, and they asked for the same thing.', 'The toast may slide. Final offer.']],
      [2, ['Done in {ticket}, screenshots before and after attached.', 'Merged. {percent} less CSS, by the way.', 'I’ll put it into {version}.']],
    ],
    [
      [1, ['Does anybody have the avatar fallback as SVG?', 'Where is the latest logo file? The one in the repository has the old spacing.', 'Which illustration did we pick for the 404?']],
      [0, ['In the library, “avatar/letters”. Use the one without the border.', 'Drive, Brand, 2026. I’ll fix the one in the repository.', 'The lighthouse. The octopus was vetoed, sadly.'], { reply: 0 }],
      [1, ['Found it, thanks.', 'You are quick, thank you!', 'I liked the octopus.']],
    ],
  ],
  engineering: [
    [
      [0, ['Could somebody review {ticket}? It touches {module} and is smaller than it looks.', 'PR for {ticket} is up. Please look hard at the locking.', '{ticket} is ready: replaces our own retry with one place that knows about deadlines.']],
      [1, ['Looking. First question: what happens when both come at the same time?', 'On it after lunch.', 'Nice diff, more red than green. Why the second index?'], { reply: 0 }],
      [0, ['The unique key decides, the loser reads the winner’s row:\n```sql\nINSERT INTO invites (token_hash, room_id) VALUES ($1, $2)\nON CONFLICT (token_hash) DO NOTHING RETURNING id\n```', 'The row lock orders them. There is a test that runs both a hundred times.', 'For the list. Without it the planner walks all {number} thousand rows.']],
      [1, ['Ah, the database as the referee. Approved.', 'Two nits, nothing that blocks. Approved.', 'Makes sense. Could the comment say that? In a year I will ask again.'], { reply: 2 }],
      [0, ['Added, thank you!', 'Merged, it goes out with {version}.', 'Good idea, done.']],
    ],
    [
      [0, ['p99 of {service} went from {ms} to {ms} since {day}. Nothing deployed there.', 'Memory of {service} grows by {percent} a day. Slowly, but it does.', 'Tests of {module} take {minutes} minutes on CI and 20 seconds here. Ideas?']],
      [2, ['Did the data grow? {customer} imported {number} thousand rows last week.', 'Take a heap snapshot before it restarts, I’ll look at it.', 'Same on mine. CI has one core less and we start two databases.'], { reply: 0 }],
      [1, ['The plan flipped to a sequential scan. `EXPLAIN (ANALYZE, BUFFERS)` says {number} thousand buffers.', 'Looks like listeners that are never removed. {module} adds one a connection.', 'We wait for a timeout nobody needs. See the 5 s in the set-up.']],
      [0, ['Confirmed. A partial index brings it down to {ms}.', 'That was it! Flat since the fix went out an hour ago.', '{minutes} minutes became {number} seconds. I owe you a coffee.']],
      [2, ['Please write down how you found it, not only what it was.', 'Lovely. Let’s add an alert on that, it should not need luck.', 'I take it with oat milk ☕']],
    ],
    [
      [0, ['TIL `Promise.all` does not stop the others when one rejects. We leaked work in {module}.', 'Small thing I like: `array.toSorted()` does not touch the original. Half of our copies can go.', 'Question of style: throw in the service, or return a result? We do both in {module}.']],
      [1, ['And the error of the second one disappears. `allSettled` where we care.', 'Node 24 everywhere, so yes, go.', 'Throw. One catalogue, one filter. Results where the caller decides something.'], { reply: 0 }],
      [2, ['I have an open branch in there, let me merge first.', 'Lint rule for it? I’d rather argue once.', 'Agreed, as long as `get` throws and `find` may be null.']],
      [0, ['Sure, no hurry. Ping me.', 'Rule is in, {number} places fixed by `--fix`.', 'Then I’ll align {module} with that.']],
    ],
    [
      [0, ['Upgrade of PostgreSQL to 18 on staging is done. {minutes} minutes, no surprises.', 'Dependencies: {number} updates, two majors. I read the changelogs so that you don’t have to.', 'The migration for {ticket} takes {minutes} minutes on a copy of production. Too long to lock.']],
      [3, ['Dashboards look the same, which is what I want from an upgrade.', 'Anything that changes behaviour?', 'Split it: add the column, fill it in batches, then the constraint as NOT VALID.'], { reply: 0 }],
      [0, ['Production on {day} at {time} then, if nobody objects.', 'One: dates without a zone are an error now. We had two, both bugs.', 'Right, expand and contract. New version in ten minutes.']],
      [1, ['👍', 'No objections here.', 'That reads much better.']],
    ],
  ],
  oncall: [
    [
      [0, ['🔴 Alert: error rate of {service} at {percent}, started {time}.', '🔴 Page: {service} does not answer health checks on two of three nodes.', '🟠 Queue of {service} is {number} minutes behind and growing.']],
      [0, ['Acknowledged, I’m looking.', 'I have it. Please keep this room for the incident.', 'On it. Laptop in two minutes.']],
      [1, ['The deploy of {version} went out four minutes before that.', 'Database looks healthy: no locks, pool at {percent}.', 'Network side is clean. I see timeouts towards the mail provider.'], { reply: 0 }],
      [0, ['Rolling back, it is quicker than finding out.', 'Restarting one node to see whether it comes back clean.', 'Pausing the big import of {customer}, it starves the others.']],
      [2, ['Support sees {number} tickets, all the same. I put a note on the status page.', '{customer} called, I told them we are on it.', 'Status page is updated, next update in 15 minutes.']],
      [0, ['🟢 Back to normal since {minutes} minutes. I’ll watch it for half an hour.', '🟢 Rolled back, errors at zero.', '🟢 Queue is empty again. Import resumes at night with a limit.'], { reply: 0 }],
      [1, ['Post-mortem on {day} at {time}? No blame, cookies.', 'I start the write-up, add your times please.', 'Good work. Sleep first, write-up tomorrow.']],
    ],
    [
      [1, ['Handover: quiet week. Two pages, both the flapping disk alert (silenced until {day}).', 'Handing over to you. Open: {ticket}, waits for the provider.', 'Your turn! Watch {service} on {day}, {customer} runs its quarter end.']],
      [0, ['Thanks, got it. Runbook for the disk alert is new?', 'Taken over. Who is second?', 'Got the pager. Anything planned?'], { reply: 0 }],
      [1, ['New and short: page 1, step 3 is the one that helps.', 'I am, until {day}.', 'Certificate renewal on {day}, automatic, but keep an eye on it.']],
      [0, ['Perfect. Have a good rest.', '👌', 'Noted. Enjoy the silence.']],
    ],
    [
      [0, ['Could we stop paging for {service} under {percent}? Third night in a row, nothing to do each time.', 'The alert on {service} fires during every backup. I would move it to the daytime channel.', 'Disk of the metrics host will be full in {number} days at this rate.']],
      [2, ['Yes please. An alert without an action is noise.', 'Alert on the symptom instead: time until a message is delivered.', 'Retention to 30 days, we never look further back.'], { reply: 0 }],
      [0, ['Changed, with a link to this discussion.', 'Done. It would have fired twice this year, both real.', 'Set, and an alert at {percent} that gives us a week.']],
    ],
  ],
  lunch: [
    [
      [0, ['Lunch at {place}? Leaving at 12:15.', 'Who is in for {place} today?', '{place} has {dish} today. Just saying.']],
      [1, ['In!', 'Yes, starving.', 'I brought my own, but I’ll walk with you.'], { reply: 0 }],
      [2, ['Can we make it 12:30? I’m in a call.', 'Save me a seat, I come from the dentist.', 'Only if somebody explains the queue to me.']],
      [0, ['12:30 it is.', 'Table for five by the window.', 'Deal.']],
      [3, ['How was it?', 'I missed it again, didn’t I.', 'Bring me {dish}? I’ll pay you back in cake.']],
      [1, ['{dish} was great, service was {minutes} minutes.', 'You missed the best {dish} of the year.', 'On your desk. Cake noted.'], { reply: 4 }],
    ],
    [
      [0, ['There is cake in the kitchen. It’s my birthday and I’m not in the mood to count.', 'Somebody left a very good espresso machine manual in the kitchen. Is this a hint?', 'The coffee machine says “descale”. It has said so since March.']],
      [1, ['Happy birthday!! 🎂', 'It is a hint.', 'I descaled it. It was lying, there are two lights.'], { reply: 0 }],
      [2, ['🎉 See you there in a minute.', 'I can bring my grinder on {day}.', 'You are a hero.']],
    ],
    [
      [0, ['Running on {day} after work? Easy 8 km along the river.', 'Board games on {day}, bring snacks. We have Azul and the train one.', 'Two spare tickets for the concert on {day}, first come first served.']],
      [3, ['In, if it is truly easy.', 'I bring the chips and the rules nobody reads.', 'Me! One for me please.'], { reply: 0 }],
      [1, ['Next week, my knee says no.', 'Can I bring my sister?', 'The other one for me?']],
      [0, ['Truly. We talk all the way.', 'Of course, we are five then.', 'Done, both gone. Enjoy!']],
    ],
  ],
  announcements: [
    [
      [0, ['📦 Release {version}\n• {feature}: rebuilt, twice as fast on large workspaces\n• fewer e-mails: one summary a day unless you want more\n• {number} fixes, thank you for every report', '📦 {version} is out\n• {feature} for everyone\n• search finds Chinese and Japanese words of two characters\n• the app keeps your draft when the connection goes', '📦 Release {version} (small)\n• fixes {ticket} and {ticket}b\n• {service} starts in half the time']],
      [1, ['So good to see this out.', 'The draft thing saved me twice in the beta already.', 'Thank you all, {customer} will be happy.'], { reply: 0 }],
      [2, ['👏👏👏', 'Upgraded ours, no questions asked.', 'Is there a note for administrators?'], { reply: 0 }],
      [0, ['Yes, in the docs under “Upgrading”. Nothing to do but to restart.', 'Credit goes to everyone who tested on a {day} evening.', 'Next one in two weeks.']],
    ],
    [
      [0, ['All hands on {day} at {time}. Topics: the quarter, hiring, {feature}.', 'Office closes at 15:00 on {day}. Enjoy the long weekend.', 'We have signed {customer}! 🎉 Largest workspace so far, {number} people.']],
      [3, ['Will there be a recording for the other time zone?', 'Best announcement of the week.', 'Amazing! Support is ready.'], { reply: 0 }],
      [0, ['Yes, and notes in both languages.', 'Enjoy!', 'That was a team effort.']],
    ],
  ],
  launch: [
    [
      [0, ['Checklist for {version}: landing page, docs, status page, on-call doubled. What is missing?', 'T minus {number} hours. Where are we?', 'Dry run of the launch went through in {minutes} minutes.']],
      [1, ['Pricing page still shows the old tiers.', 'Docs are final. Two screenshots are from the beta, I’ll redo them.', 'Press text waits for the quote of {customer}.'], { reply: 0 }],
      [2, ['Load test: {number} thousand sockets, acks at {ms}, no drops.', 'Backups restored on a fresh machine, all green.', 'Feature flag is in place, off by default.']],
      [3, ['Macros for support are written, in both languages.', 'I take the morning shift, who takes the evening?', 'Chinese texts are reviewed by native speakers.']],
      [0, ['Then it’s a go for {day} at {time}.', 'Thank you. Next check tomorrow at {time}.', 'Looks calm. I like calm.']],
    ],
  ],
  direct: [
    [
      [0, ['Do you have five minutes about {feature}?', 'Quick one: is {ticket} yours or mine?', 'Are you free at {time}?']],
      [1, ['Sure, now?', 'Mine, but I could use a second pair of eyes.', 'After that, yes. 20 minutes?'], { reply: 0 }],
      [0, ['I’d rather not say it in the big room: I think we over-promise to {customer}.', 'Happy to. Send me the branch.', 'Perfect. I’ll bring the numbers for {day}.']],
      [1, ['I thought the same. Let’s say it together on {day}.', 'It’s `fix/{ticket}`. Start with {module}.', 'And I the questions.']],
      [0, ['Thank you, that helps.', 'Left you comments. It is good, really.', '👍 see you then']],
    ],
    [
      [1, ['Your talk on {day} was great, by the way.', 'How was the holiday?', 'Did the review with {customer} go well?']],
      [0, ['Thank you! I was so nervous that I forgot a third of it.', 'Rain, books, too much cheese. Perfect.', 'Better than feared. They want {feature} earlier, of course.'], { reply: 0 }],
      [1, ['Nobody noticed. The demo made up for it.', 'Jealous. Back to {number} unread threads?', 'They always do. What did you say?']],
      [0, ['Phew.', 'I declared bankruptcy and marked all as read.', 'That {version} is soon and that quality is cheaper.']],
    ],
  ],
};

/** Said from the side, in any conversation. */
export const ASIDES = ['+1', '👍', 'Makes sense.', 'Interesting, I did not know that.', 'Following along, carry on.', 'Thanks for writing that down here.', 'Same experience here.', 'I can help with that if needed.', '💯', 'Good question.', 'Let me know if you need a hand.', '👀', 'Ha, classic.', 'That would explain a lot.', 'Noted.', 'I’ll read up on it later today.', 'Yes!', 'Fair point.', 'Can we pin this?', 'Could you add a link?'];

/** Said in the wrong place, and deleted at once. */
export const SLIPS = ['Sorry, wrong room.', 'Oops, that was meant for somebody else.', 'ls -la', 'yes love, I’ll bring bread'];
