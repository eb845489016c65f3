package dev.sluice.control.catalog;

import dev.sluice.contract.MigrationName;
import dev.sluice.contract.RampName;
import dev.sluice.control.change.Answer;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.MigrationReport;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A migration as it is. Immutable.
 *
 * @param since when it came to its present phase and progress
 * @param reports of the steps of the phases up to the present one, since they were last entered;
 *     the last of each step
 * @param ramp the last that drove its keys
 * @param message why it is where it is, for people
 * @param timeline everything that became of it, the newest last; the oldest of more than {@value
 *     #LONGEST_TIMELINE} are only in the log
 * @param consent who wrote the plan, and who said what of it
 * @param bound the most that policies have asked for since it began; empty before
 * @param escalated when people were last called, since it waited for them for too long
 */
public record Migration(
        MigrationSpec spec,
        State state,
        Phase phase,
        Progress progress,
        Instant since,
        List<Reported> reports,
        Optional<RampName> ramp,
        String message,
        List<Entry> timeline,
        Consent consent,
        Optional<ApprovalPolicySpec> bound,
        Optional<Instant> escalated,
        Meta meta)
        implements Resource {
    static final int LONGEST_TIMELINE = 500;

    public Migration {
        reports = List.copyOf(reports);
        timeline = List.copyOf(timeline);
    }

    /** Whether it goes on. */
    public enum State {
        ACTIVE,
        /** Held by a person. */
        PAUSED,
        /** All phases done. */
        DONE,
        /** Given up before any key moved, or taken back to there. */
        ABANDONED;

        /** Whether it may still move keys. */
        public boolean isOpen() {
            return this == ACTIVE || this == PAUSED;
        }
    }

    /** A report, and in which phase it came. */
    public record Reported(MigrationReport report, Phase phase, Instant time, Principal by) {}

    /** One line of the timeline. */
    public record Entry(long seq, Instant time, Principal by, String what) {}

    static Migration planned(MigrationSpec spec, LoggedEvent by) {
        return new Migration(
                spec,
                State.ACTIVE,
                Phase.EXPAND,
                Progress.PLANNED,
                by.stamp().time(),
                List.of(),
                Optional.empty(),
                "planned",
                List.of(entry(by, "planned")),
                Consent.planned(by),
                Optional.empty(),
                Optional.empty(),
                Meta.created(by));
    }

    Migration respecified(MigrationSpec changed, LoggedEvent by) {
        return new Migration(
                changed,
                state,
                phase,
                progress,
                since,
                reports,
                ramp,
                message,
                with(entry(by, "plan changed")),
                consent.rewritten(by),
                bound,
                escalated,
                meta.changed(by));
    }

    /** At a phase; what was reported in it or after it before no longer counts. */
    Migration moved(
            Phase to, Progress how, Optional<RampName> driving, String why, LoggedEvent by) {
        return new Migration(
                spec,
                to == Phase.DONE ? State.DONE : state,
                to,
                how,
                by.stamp().time(),
                reports.stream().filter(done -> done.phase().compareTo(to) < 0).toList(),
                driving.or(() -> ramp),
                why,
                with(entry(by, to + " " + how + ": " + why)),
                consent,
                bound,
                escalated,
                meta.changed(by));
    }

    Migration reported(MigrationReport report, LoggedEvent by) {
        List<Reported> all = new ArrayList<>(reports);
        all.removeIf(done -> done.report().step().equals(report.step()));
        all.add(new Reported(report, phase, by.stamp().time(), by.stamp().principal()));
        String what = report.step() + " " + report.outcome() + ": " + report.summary();
        return new Migration(
                spec,
                state,
                phase,
                progress,
                since,
                all,
                ramp,
                what,
                with(entry(by, what)),
                consent,
                bound,
                escalated,
                meta.changed(by));
    }

    Migration inState(State to, String why, LoggedEvent by) {
        return new Migration(
                spec,
                to,
                phase,
                progress,
                since,
                reports,
                ramp,
                why,
                with(entry(by, to + ": " + why)),
                consent,
                bound,
                escalated,
                meta.changed(by));
    }

    Migration answered(Answer answer, Set<String> groups, LoggedEvent by) {
        return consented(
                consent.answered(answer, groups, by),
                "plan " + consent.plan().brief() + " " + answer,
                by);
    }

    Migration answerWithdrawn(LoggedEvent by) {
        return consented(consent.withdrawn(by), "answer withdrawn", by);
    }

    Migration glassBroken(List<String> overridden, LoggedEvent by) {
        return consented(
                consent.broken(overridden, by), "glass broken over " + overridden.size(), by);
    }

    Migration glassReviewed(long seq, LoggedEvent by) {
        return consented(consent.reviewed(seq), "glass broken by event " + seq + " reviewed", by);
    }

    private Migration consented(Consent now, String what, LoggedEvent by) {
        return new Migration(
                spec,
                state,
                phase,
                progress,
                since,
                reports,
                ramp,
                message,
                with(entry(by, what)),
                now,
                bound,
                escalated,
                meta.changed(by));
    }

    Migration escalated(String why, LoggedEvent by) {
        return new Migration(
                spec,
                state,
                phase,
                progress,
                since,
                reports,
                ramp,
                message,
                with(entry(by, "people are called: " + why)),
                consent,
                bound,
                Optional.of(by.stamp().time()),
                meta.changed(by));
    }

    /**
     * Once it has begun it is bound by what a policy asks for, and by what any asked for before: a
     * policy that is loosened later, and a risk that is talked down, loosen nothing for it.
     */
    Migration boundBy(ApprovalPolicySpec policy) {
        if (!state.isOpen() || progress == Progress.PLANNED) {
            return this;
        }
        return new Migration(
                spec,
                state,
                phase,
                progress,
                since,
                reports,
                ramp,
                message,
                timeline,
                consent,
                Optional.of(bound.map(most -> most.and(policy)).orElse(policy)),
                escalated,
                meta);
    }

    public MigrationName name() {
        return spec.name();
    }

    /** The last report of a step, made in the present phase. */
    public Optional<MigrationReport> report(String step) {
        return reports.stream()
                .filter(done -> done.phase() == phase)
                .map(Reported::report)
                .filter(report -> report.step().equals(step))
                .findFirst();
    }

    @Override
    public String resourceName() {
        return name().name();
    }

    private List<Entry> with(Entry newest) {
        List<Entry> all = new ArrayList<>(timeline);
        all.add(newest);
        return all.size() > LONGEST_TIMELINE
                ? all.subList(all.size() - LONGEST_TIMELINE, all.size())
                : all;
    }

    private static Entry entry(LoggedEvent by, String what) {
        String reason = by.stamp().reason();
        return new Entry(
                by.seq(),
                by.stamp().time(),
                by.stamp().principal(),
                reason.isEmpty() ? what : what + " (" + reason + ")");
    }
}
