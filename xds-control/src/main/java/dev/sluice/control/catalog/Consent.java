package dev.sluice.control.catalog;

import dev.sluice.control.change.Answer;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who wrote a plan, and who said what of it. Immutable.
 *
 * @param plan hash of the event that made the present revision of the plan, which covers its
 *     content and all history before it: an edit makes another, and so does an edit back
 * @param authors names of all who wrote any revision
 * @param answers of the present revision; the last word of each
 * @param unreviewed advances over missing approvals that nobody has vouched for, the oldest first
 */
public record Consent(
        Digest plan, Set<String> authors, List<Given> answers, List<GlassBreak> unreviewed) {
    public Consent {
        authors = Set.copyOf(authors);
        answers = List.copyOf(answers);
        unreviewed = List.copyOf(unreviewed);
    }

    /** An answer, whose it was and of which groups that one was then. */
    public record Given(
            Principal by, Answer answer, Set<String> groups, Instant time, String reason) {
        public Given {
            groups = Set.copyOf(groups);
        }
    }

    /**
     * An advance over missing approvals.
     *
     * @param overridden what stood against it
     */
    public record GlassBreak(
            long seq, Principal by, Instant time, String reason, List<String> overridden) {
        public GlassBreak {
            overridden = List.copyOf(overridden);
        }
    }

    static Consent planned(LoggedEvent by) {
        return new Consent(by.hash(), Set.of(by.stamp().principal().name()), List.of(), List.of());
    }

    /** Of a new revision of the plan nothing has been said. */
    Consent rewritten(LoggedEvent by) {
        Set<String> writers = new TreeSet<>(authors);
        writers.add(by.stamp().principal().name());
        return new Consent(by.hash(), writers, List.of(), unreviewed);
    }

    Consent answered(Answer answer, Set<String> groups, LoggedEvent by) {
        Principal who = by.stamp().principal();
        List<Given> all = new ArrayList<>(withoutAnswerOf(who));
        all.add(new Given(who, answer, groups, by.stamp().time(), by.stamp().reason()));
        return new Consent(plan, authors, all, unreviewed);
    }

    Consent withdrawn(LoggedEvent by) {
        return new Consent(plan, authors, withoutAnswerOf(by.stamp().principal()), unreviewed);
    }

    Consent broken(List<String> overridden, LoggedEvent by) {
        List<GlassBreak> all = new ArrayList<>(unreviewed);
        all.add(
                new GlassBreak(
                        by.seq(),
                        by.stamp().principal(),
                        by.stamp().time(),
                        by.stamp().reason(),
                        overridden));
        return new Consent(plan, authors, answers, all);
    }

    Consent reviewed(long seq) {
        return new Consent(
                plan,
                authors,
                answers,
                unreviewed.stream().filter(broken -> broken.seq() != seq).toList());
    }

    private List<Given> withoutAnswerOf(Principal who) {
        return answers.stream().filter(given -> !given.by().equals(who)).toList();
    }
}
