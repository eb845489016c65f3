package dev.sluice.chaos.load;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Checks a whole ledger. Stateless. */
public final class Checks {
    private Checks() {}

    /**
     * What the settings let be seen: all, but {@link Check#WRITES} only with writes, and {@link
     * Check#REVISION} not, since they don't tell whether a target is one sidecar.
     */
    public static Set<Check> of(LoadSettings settings) {
        Set<Check> checks = EnumSet.complementOf(EnumSet.of(Check.REVISION));
        if (settings.writes().isEmpty()) {
            checks.remove(Check.WRITES);
        }
        return checks;
    }

    /** One finding for each check, in the order of {@link Check}. */
    public static List<Finding> run(Ledger ledger, Set<Check> checks) {
        List<Entry> entries = ledger.entries();
        return EnumSet.allOf(Check.class).stream()
                .filter(checks::contains)
                .map(check ->
                        switch (check) {
                            case IDS -> ids(ledger.planned(), entries);
                            case ERRORS -> errors(entries);
                            case ARM -> Decisions.arm(entries);
                            case REVISION -> Decisions.revision(entries);
                            case SHARE -> Decisions.share(entries);
                            case WRITES -> ReadsOfWrites.check(entries);
                            case BODIES -> bodies(entries);
                            case RATE -> rate(entries);
                        })
                .toList();
    }

    private static Finding rate(List<Entry> entries) {
        Lateness lateness = Lateness.of(entries);
        return new Finding(
                Check.RATE,
                "the load was that which was asked for: nine in ten began within a second",
                lateness.requests(),
                lateness.isKept() ? 0 : lateness.grave(),
                lateness.isKept()
                        ? List.of()
                        : List.of(
                                "%.0f a second, the latest %d ms late"
                                        .formatted(
                                                lateness.perSecond(),
                                                lateness.longest() / 1_000_000)));
    }

    private static Finding ids(long planned, List<Entry> entries) {
        Tally tally = new Tally(Check.IDS, "every request has its own answer, once");
        long next = 0;
        for (Entry entry : entries) {
            long id = entry.planned().id();
            long expected = next;
            if (id > expected) {
                tally.count(false, () -> "lost: " + expected + ".." + (id - 1));
            }
            boolean again = id < expected;
            boolean other =
                    entry.answer() instanceof Answer.Complete complete
                            && complete.own().isPresent()
                            && !complete.own().get();
            tally.count(
                    !again && !other,
                    () -> "request " + id + (again ? ": twice" : ": the answer of another"));
            next = Math.max(next, id + 1);
        }
        long end = next;
        if (end < planned) {
            tally.count(false, () -> "lost: " + end + ".." + (planned - 1));
        }
        return tally.done();
    }

    private static Finding errors(List<Entry> entries) {
        Tally tally = new Tally(Check.ERRORS, "no user saw an error");
        for (Entry entry : entries) {
            tally.count(
                    entry.answer().good(),
                    () -> "request " + entry.planned().id() + ": " + words(entry.answer()));
        }
        return tally.done();
    }

    private static String words(Answer answer) {
        return switch (answer) {
            case Answer.Complete complete -> "status " + complete.status();
            case Answer.Cut cut -> "cut after " + cut.bytes() + " bytes: " + cut.why();
            case Answer.Failed failed -> failed.why();
            case Answer.NotSent _ -> "not sent, as too many were under way";
        };
    }

    /** Looks only at bodies that say how long they are, what they hash to, or how they end. */
    private static Finding bodies(List<Entry> entries) {
        Tally tally = new Tally(Check.BODIES, "no broken body was taken as complete");
        for (Entry entry : entries) {
            if (entry.answer() instanceof Answer.Complete complete) {
                Answer.Body body = complete.body();
                boolean read = entry.planned().operation() == Planned.Operation.READ;
                boolean ends = read && complete.status() / 100 == 2 && body.ended().isPresent();
                boolean empty = body.bytes() == 0 && mayBeEmpty(complete.status());
                if (body.declared().isPresent() || body.digest().isPresent() || ends) {
                    boolean length =
                            empty
                                    || body.declared().isEmpty()
                                    || body.declared().getAsLong() == body.bytes();
                    boolean hash =
                            body.digest().isEmpty() || body.digest().get().equals(body.sha256());
                    boolean end = !ends || body.ended().get();
                    tally.count(
                            length && hash && end,
                            () -> "request " + entry.planned().id() + ": " + words(body));
                }
            }
        }
        return tally.done();
    }

    /** Answers that may declare a length and have no body (RFC 9110, sections 8.6 and 15.4.5). */
    private static boolean mayBeEmpty(int status) {
        return status == 204 || status == 304;
    }

    private static String words(Answer.Body body) {
        return "%d bytes (declared: %s), SHA-256 %s (declared: %s), end %s"
                .formatted(
                        body.bytes(),
                        body.declared().isPresent() ? body.declared().getAsLong() : "-",
                        body.sha256(),
                        body.digest().orElse("-"),
                        body.ended().map(ended -> ended ? "as expected" : "missing").orElse("-"));
    }
}
