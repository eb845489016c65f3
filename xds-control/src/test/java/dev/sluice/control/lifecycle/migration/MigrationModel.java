package dev.sluice.control.lifecycle.migration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.BaselineName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.gate.Arm;
import dev.sluice.contract.gate.Gate;
import dev.sluice.contract.gate.Mode;
import dev.sluice.contract.gate.Rule;
import dev.sluice.contract.gate.StoreKind;
import dev.sluice.contract.gate.TakeBack;
import dev.sluice.control.change.Answer;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.MigrationReport;
import dev.sluice.control.change.Stamp;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.DatabaseSpec;
import dev.sluice.control.change.spec.MigrationProfile;
import dev.sluice.control.change.spec.MigrationSpec;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import dev.sluice.control.change.spec.Phase;
import dev.sluice.control.change.spec.Phase.Progress;
import dev.sluice.control.change.spec.ShareTarget;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What must hold of any log of migrations, from its events alone: it knows what phases and modes
 * mean, and nothing of how a move was decided. Each broken promise is named as its guard is.
 */
final class MigrationModel {
    private static final Map<Phase, Mode> SEPARATE =
            Map.of(
                    Phase.EXPAND, Mode.OFF,
                    Phase.DUAL_WRITE, Mode.DUAL_WRITE,
                    Phase.BACKFILL, Mode.DUAL_WRITE,
                    Phase.VERIFY, Mode.DUAL_WRITE,
                    Phase.SHADOW, Mode.SHADOW,
                    Phase.SOAK, Mode.LIVE,
                    Phase.RAMP_DOWN, Mode.RAMP_DOWN,
                    Phase.DRAIN, Mode.COMPLETE,
                    Phase.CONTRACT, Mode.COMPLETE);
    private static final Map<Phase, Mode> SHARED =
            Map.of(
                    Phase.EXPAND, Mode.OFF,
                    Phase.BACKFILL, Mode.OFF,
                    Phase.VERIFY, Mode.OFF,
                    Phase.SOAK, Mode.COMPLETE,
                    Phase.DRAIN, Mode.COMPLETE,
                    Phase.CONTRACT, Mode.COMPLETE);
    private static final Map<Phase, String> REPORTS =
            Map.of(
                    Phase.EXPAND, "expand",
                    Phase.BACKFILL, "backfill",
                    Phase.VERIFY, "verify",
                    Phase.DRAIN, "drain",
                    Phase.CONTRACT, "contract");
    private static final List<Phase> ONLY_SEPARATE =
            List.of(Phase.DUAL_WRITE, Phase.SHADOW, Phase.RAMP_DOWN);

    private final Map<MigrationName, Work> works = new HashMap<>();
    private final Set<MigrationName> done = new HashSet<>();
    private final Map<GateName, Gate> gates = new HashMap<>();
    private final Map<GateName, Set<String>> trips = new HashMap<>();
    private final Map<String, DatabaseSpec.Budget> budgets = new HashMap<>();
    private final Map<Risk, ApprovalPolicySpec> policies = new EnumMap<>(Risk.class);
    private final Map<BaselineName, Recorded> baselines = new HashMap<>();
    private int finished;

    /** Until when it is good, and whose requests it is of. */
    private record Recorded(Instant end, List<Rule> rules) {}

    private static final class Work {
        MigrationSpec spec;
        Phase phase = Phase.EXPAND;
        Progress progress = Progress.PLANNED;
        Instant since = Instant.EPOCH;
        boolean held;
        boolean ended;
        final Map<String, MigrationReport.Outcome> reports = new HashMap<>();

        /** Who approved the present plan, and until when it counts; never is for a no. */
        final Map<String, Instant> approvals = new HashMap<>();

        final Set<String> authors = new HashSet<>();
        final Set<Long> broken = new HashSet<>();
        boolean breaks;

        /** Most approvals that were asked for since it began. */
        int quorum;

        /** Whether its phase was entered over what people had said against it. */
        boolean brokenInto;

        /** Of the command that set its keys going last. */
        Optional<Stamp> moving = Optional.empty();

        Work(MigrationSpec spec) {
            this.spec = spec;
        }

        boolean locks() {
            return !ended
                    && progress != Progress.PLANNED
                    && (phase == Phase.EXPAND || phase == Phase.CONTRACT);
        }
    }

    int finished() {
        return finished;
    }

    void read(LoggedEvent logged) {
        switch (logged.event()) {
            case Event.MigrationPut(var spec) -> {
                Work work = works.computeIfAbsent(spec.name(), _ -> new Work(spec));
                work.spec = spec;
                work.approvals.clear();
                work.authors.add(logged.stamp().principal().name());
            }
            case Event.MigrationAnswered(var name, var _, var answer, var _) ->
                    answer(work(name), answer, logged.stamp());
            case Event.MigrationAnswerWithdrawn(var name) ->
                    work(name).approvals.remove(logged.stamp().principal().name());
            case Event.MigrationGlassBroken(var name, var _) -> {
                work(name).broken.add(logged.seq());
                work(name).breaks = true;
            }
            case Event.MigrationGlassReviewed(var name, long seq) -> work(name).broken.remove(seq);
            case Event.ApprovalPolicyPut(var policy) -> {
                policies.put(policy.risk(), policy);
                works.values().stream()
                        .filter(work -> work.spec.product().risk() == policy.risk())
                        .filter(work -> work.progress != Progress.PLANNED)
                        .forEach(work -> work.quorum = Math.max(work.quorum, policy.quorum()));
            }
            case Event.BaselineRecorded(var spec, var recording) ->
                    baselines.put(
                            spec.name(),
                            new Recorded(
                                    recording.time().plus(spec.maxAge()),
                                    gate(spec.target()).rules()));
            case Event.BaselineDeleted(var name) -> baselines.remove(name);
            case Event.DatabasePut(var database) ->
                    budgets.put(database.store(), database.budget());
            case Event.MigrationDeleted(var name) -> {
                works.remove(name);
                done.remove(name);
            }
            case Event.MigrationMoved(var name, var phase, var progress, var _, var _) ->
                    move(work(name), phase, progress, logged.stamp());
            case Event.MigrationReported(var name, var report) ->
                    work(name).reports.put(report.step(), report.outcome());
            case Event.MigrationPaused(var name) -> work(name).held = true;
            case Event.MigrationResumed(var name) -> work(name).held = false;
            case Event.MigrationAbandoned(var name, var _) -> work(name).ended = true;
            case Event.GatesRevised(var _, var revised) ->
                    revised.forEach(gate -> revise(gate.content(), logged.stamp()));
            case Event.GateDeleted(var name) -> {
                gates.remove(name);
                trips.remove(name);
            }
            case Event.LocalKillRecorded(var kill) ->
                    trips.computeIfAbsent(kill.gate(), _ -> new HashSet<>()).add(kill.id());
            case Event.TripRecorded(var trip) ->
                    trips.computeIfAbsent(trip.gate(), _ -> new HashSet<>()).add(trip.id());
            default -> {} // nothing is promised of the others here
        }
    }

    private void answer(Work work, Answer answer, Stamp stamp) {
        String name = stamp.principal().name();
        ApprovalPolicySpec policy = policies.get(work.spec.product().risk());
        Duration validity = policy == null ? Duration.ZERO : policy.validity();
        boolean yes = answer == Answer.APPROVED;
        promise("self-approval", !yes || !work.authors.contains(name));
        work.approvals.put(name, yes ? stamp.time().plus(validity) : Instant.MIN);
    }

    private boolean isApproved(Work work, Instant now) {
        ApprovalPolicySpec policy = policies.get(work.spec.product().risk());
        long valid = work.approvals.values().stream().filter(now::isBefore).count();
        boolean begins = work.progress == Progress.PLANNED;
        int quorum = begins && policy != null ? policy.quorum() : work.quorum;
        return valid >= quorum && !work.approvals.containsValue(Instant.MIN);
    }

    private void revise(Gate next, Stamp stamp) {
        Gate before = gates.put(next.name(), next);
        promise("FREEZE", before == null || !raises(before, next) || mayRaise(next, stamp));
        trips.getOrDefault(next.name(), new HashSet<>()).removeAll(next.acknowledgedTrips());
        if (before != null && before.takeBack() == TakeBack.FORBIDDEN) {
            assertThat(next.takeBack()).as("after FORBIDDEN").isEqualTo(TakeBack.FORBIDDEN);
            assertThat(next.share()).as("FORBIDDEN").isGreaterThanOrEqualTo(before.share());
        }
    }

    private static boolean raises(Gate before, Gate next) {
        return before.from() == next.from()
                && before.to() == next.to()
                && before.share().compareTo(next.share()) < 0;
    }

    /** Whether a share may go up now: what is frozen does so only where the glass was broken. */
    private boolean mayRaise(Gate gate, Stamp stamp) {
        return works.values().stream()
                .filter(work -> !work.ended && gate(work).name().equals(gate.name()))
                .filter(work -> !work.brokenInto || !work.moving.equals(Optional.of(stamp)))
                .noneMatch(work -> isFrozen(work, stamp.time()));
    }

    private static boolean isFrozen(Work work, Instant time) {
        int hour = time.atZone(ZoneOffset.UTC).getHour();
        return work.spec.product().risk() == Risk.MEDIUM
                && hour >= MigrationWalkTest.NOON
                && hour < MigrationWalkTest.EVENING;
    }

    private void move(Work work, Phase phase, Progress progress, Stamp stamp) {
        Instant time = stamp.time();
        boolean advance = progress == Progress.STEPPING || phase == Phase.DONE;
        if (advance) {
            work.brokenInto = work.breaks;
            checkAdvance(work, phase, time);
        } else if (phase.compareTo(work.phase) < 0) {
            checkBack(work, phase);
        }
        if (progress == Progress.MOVING) {
            work.moving = Optional.of(stamp);
        }
        if (phase != work.phase) {
            work.reports.clear();
        }
        ApprovalPolicySpec policy = policies.get(work.spec.product().risk());
        if (work.progress == Progress.PLANNED && policy != null) {
            work.quorum = policy.quorum();
        }
        work.phase = phase;
        work.progress = progress;
        work.since = time;
        if (phase == Phase.DONE) {
            work.ended = true;
            done.add(work.spec.name());
            finished++;
        }
    }

    private void checkAdvance(Work work, Phase to, Instant time) {
        boolean begins = work.progress == Progress.PLANNED;
        promise("APPROVALS", work.breaks || isApproved(work, time));
        promise("WINDOWS", work.breaks || !isFrozen(work, time));
        promise("REVIEWS", work.breaks || work.broken.isEmpty());
        work.breaks = false;
        promise("STATE", !work.held && !work.ended);
        promise("RESTING", begins || work.progress == Progress.RESTING);
        promise("neighbour", begins ? to == Phase.EXPAND : to == next(work));
        if (begins) {
            promise("DEPENDENCIES", done.containsAll(work.spec.dependsOn()));
        } else {
            promise("SOAK", !time.isBefore(work.since.plus(work.spec.soakOf(work.phase))));
            String report = REPORTS.get(work.phase);
            promise(
                    "REPORTS",
                    report == null
                            || work.reports.get(report) == MigrationReport.Outcome.SUCCEEDED);
        }
        Gate gate = gate(work);
        promise("IN_STEP", isInStep(work, gate, begins));
        promise(
                "TAKEN_BACK",
                gate.kill().isEmpty() && trips.getOrDefault(gate.name(), Set.of()).isEmpty());
        promise(
                "LEGACY_RULES",
                to != Phase.DRAIN
                        || gate.rules().stream()
                                .noneMatch(rule ->
                                        rule.outcome().equals(new Rule.Outcome.Fixed(Arm.LEGACY))));
        promise(
                "SUNSET",
                to != Phase.CONTRACT
                        || work.spec
                                .profile()
                                .deprecation()
                                .filter(window -> time.isBefore(window.sunset()))
                                .isEmpty());
        if (to == Phase.RAMP || to == Phase.SOAK) {
            promise(
                    "BASELINE",
                    work.spec.judge().baseline().stream()
                            .map(baselines::get)
                            .allMatch(recorded ->
                                    recorded != null
                                            && !time.isAfter(recorded.end())
                                            && recorded.rules().equals(gate.rules())));
        }
        promise("BUDGETS", budgets.keySet().stream().allMatch(store -> fits(work, to, store)));
        if (to == Phase.EXPAND || to == Phase.CONTRACT) {
            promise("LOCKS", works.values().stream().noneMatch(other -> clash(work, other)));
        }
    }

    private void checkBack(Work work, Phase to) {
        promise("back", !work.ended && !gate(work).takeBack().equals(FORBIDDEN));
        if (work.phase == Phase.RAMP_DOWN) {
            promise(
                    "mirror",
                    work.reports.get("mirror") == MigrationReport.Outcome.SUCCEEDED
                            && to == Phase.SOAK);
        }
    }

    private static final TakeBack FORBIDDEN = TakeBack.FORBIDDEN;

    private static boolean isInStep(Work work, Gate gate, boolean begins) {
        if (begins) {
            return gate.share().isNone() && gate.from() == Mode.OFF;
        }
        if (work.phase == Phase.RAMP) {
            return gate.share().equals(new PartsPerMillion(990_000));
        }
        Mode rest = (work.spec.store() == StoreKind.SEPARATE ? SEPARATE : SHARED).get(work.phase);
        return (gate.from() == rest && gate.share().isNone())
                || (gate.to() == rest && gate.share().isAll());
    }

    /** Whether a store can bear one more in a phase, beside those that are in theirs. */
    private boolean fits(Work work, Phase to, String store) {
        DatabaseSpec.Budget budget = Objects.requireNonNull(budgets.get(store), store);
        int locks = locks(work, to, store);
        int io = io(work, to, store);
        int lockSum = locks;
        int ioSum = io;
        for (Work other : works.values()) {
            if (other != work && !other.ended && other.progress != Progress.PLANNED) {
                lockSum += locks(other, other.phase, store);
                ioSum += io(other, other.phase, store);
            }
        }
        return (locks == 0 || lockSum <= budget.locks().orElse(Integer.MAX_VALUE))
                && (io == 0 || ioSum <= budget.ioPercent().orElse(Integer.MAX_VALUE));
    }

    private static int locks(Work work, Phase phase, String store) {
        boolean changes = work.spec.tables().stream().anyMatch(it -> it.startsWith(store + "/"));
        return changes && (phase == Phase.EXPAND || phase == Phase.CONTRACT) ? 1 : 0;
    }

    private static int io(Work work, Phase phase, String store) {
        return !REPORTS.containsKey(phase)
                ? 0
                : work.spec.profile().scope().stores().stream()
                        .filter(it -> it.name().equals(store))
                        .mapToInt(it -> it.use().map(MigrationProfile.Use::ioPercent).orElse(0))
                        .sum();
    }

    private static boolean clash(Work work, Work other) {
        return work != other
                && other.locks()
                && other.spec.tables().stream().anyMatch(work.spec.tables()::contains);
    }

    private static Phase next(Work work) {
        for (Phase phase : Phase.values()) {
            boolean skipped =
                    work.spec.store() == StoreKind.SHARED && ONLY_SEPARATE.contains(phase);
            if (phase.compareTo(work.phase) > 0 && !skipped) {
                return phase;
            }
        }
        throw new AssertionError("nothing follows " + work.phase);
    }

    private Work work(MigrationName name) {
        return Objects.requireNonNull(works.get(name), name::name);
    }

    private Gate gate(Work work) {
        return gate(work.spec.target());
    }

    private Gate gate(ShareTarget target) {
        GateName name = ((ShareTarget.OfGate) target).gate();
        return Objects.requireNonNull(gates.get(name), name::name);
    }

    private static void promise(String guard, boolean kept) {
        assertThat(kept).as(guard).isTrue();
    }
}
