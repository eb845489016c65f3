package dev.sluice.control.admin.operation;

import com.google.rpc.Code;
import dev.sluice.admin.v1.Operation;
import dev.sluice.admin.v1.RolledBack;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.control.admin.desk.Changes;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.path.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes keys back step by step, each step a command of who began it. Nobody else may move the share
 * meanwhile: then it ends and leaves the share as it is. Thread-safe: one step is under way at a
 * time, and each begins after the one before.
 */
final class GradualRollback {
    static final String KIND = "share.rollback";

    /** While the store is away, or others change the gate at the same moment. */
    private static final Duration RETRY = Duration.ofSeconds(5);

    private static final int MOST_RETRIES = 24;

    private final Running running;
    private final RollbackPlan plan;
    private final Supplier<Catalog> state;
    private final Changes changes;
    private final Function<String, CommandContext> context;
    private final Later later;
    private int step;
    private int retries;

    /** Runs something after a while, and what comes of it. */
    @FunctionalInterface
    interface Later {
        void run(Duration delay, Runnable action);
    }

    /**
     * @param state what was committed
     * @param context of a command, for what is done
     * @param later on one thread at a time
     */
    GradualRollback(
            Running running,
            RollbackPlan plan,
            Supplier<Catalog> state,
            Changes changes,
            Function<String, CommandContext> context,
            Later later) {
        this.running = running;
        this.plan = plan;
        this.state = state;
        this.changes = changes;
        this.context = context;
        this.later = later;
    }

    /** Puts the next share in force, unless it has ended or somebody else moved the share. */
    synchronized void goOn() {
        if (running.isDone()) {
            return;
        }
        Catalog catalog = state.get();
        Optional<PartsPerMillion> now = RollbackPlan.share(plan.target(), catalog);
        if (now.isEmpty()) {
            running.fail(Code.ABORTED, plan.target().name() + " is gone");
        } else if (isMoved(now.get())) {
            running.fail(
                    Code.ABORTED,
                    "the share is "
                            + now.get()
                            + " before step "
                            + (step + 1)
                            + ": somebody else moved it");
        } else {
            String words = "step " + (step + 1) + " of " + plan.shares().size();
            String etag = catalog.find(plan.target().name()).orElseThrow().meta().etag();
            changes.submit(command(), context.apply(words).withEtag(etag)).whenComplete(this::took);
        }
    }

    /** Whether it is not where the step before, or the request, found it. */
    private boolean isMoved(PartsPerMillion now) {
        return step == 0
                ? now.compareTo(plan.shares().getFirst()) < 0
                : !now.equals(plan.shares().get(step - 1));
    }

    private Command command() {
        PartsPerMillion share = plan.shares().get(step);
        return share.isNone()
                ? new Command.Rollback(plan.target())
                : new Command.SetShare(plan.target(), share);
    }

    private synchronized void took(Outcome outcome, Throwable failure) {
        if (failure != null) {
            running.fail(Code.INTERNAL, "a step failed; see the log of the control plane");
        } else if (outcome instanceof Outcome.Refused refused) {
            refused(refused);
        } else {
            retries = 0;
            step++;
            running.progress(step);
            if (step < plan.shares().size()) {
                later.run(plan.dwell(), this::goOn);
            } else {
                running.end(Operation.newBuilder().setRolledBack(result()));
            }
        }
    }

    private void refused(Outcome.Refused refused) {
        Refusal.Kind kind = refused.kind();
        boolean passes = kind == Refusal.Kind.UNAVAILABLE || kind == Refusal.Kind.ABORTED;
        if (passes && retries < MOST_RETRIES) {
            retries++;
            later.run(RETRY, this::goOn);
        } else {
            running.fail(
                    passes ? Code.UNAVAILABLE : Code.FAILED_PRECONDITION,
                    "interrupted before step "
                            + (step + 1)
                            + ": "
                            + refused.refusals().getFirst().problem().message());
        }
    }

    private RolledBack result() {
        return RolledBack.newBuilder()
                .addAllSharesPpm(plan.shares().stream().map(PartsPerMillion::value).toList())
                .build();
    }
}
