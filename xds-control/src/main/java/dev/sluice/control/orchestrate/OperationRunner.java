package dev.sluice.control.orchestrate;

import dev.sluice.contract.OperationName;
import dev.sluice.control.catalog.Operation;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.OperationOrder;
import dev.sluice.control.change.OperationOutcome;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.spec.OperationSpec;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.EventLog;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Takes operations on. Which there are, and how far rollbacks have come, is the log's; it keeps
 * nothing but the work over the log that it does itself. So a restart, or another leader, gives the
 * next step of a rollback when it is due, and does work over the log anew. The index in each step
 * keeps it from being done twice. A store that is away holds everything up and ends nothing.
 *
 * <p>{@link #tick} and {@link #rest} are called by one thread at a time; the rest by any.
 */
public final class OperationRunner {
    private final ChangePath path;
    private final EventLog log;
    private final Backups backups;
    private final Executor executor;
    private final InstantSource clock;
    private final Map<OperationName, LongWork> works = new ConcurrentHashMap<>();
    private final Map<OperationName, CompletableFuture<?>> underWay = new HashMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /**
     * @param log what was committed
     * @param executor of threads that may wait
     */
    public OperationRunner(
            ChangePath path,
            EventLog log,
            Backups backups,
            Executor executor,
            InstantSource clock) {
        this.path = path;
        this.log = log;
        this.backups = backups;
        this.executor = executor;
        this.clock = clock;
    }

    /** Looks at every operation that runs; to be called every second or so. */
    public void tick() {
        Map<OperationName, Operation> running =
                path.feed().latest().operations().stream()
                        .filter(Operation::isRunning)
                        .collect(Collectors.toMap(Operation::name, operation -> operation));
        stopAllBut(running);
        underWay.values().removeIf(CompletableFuture::isDone);
        running.values().forEach(this::goOn);
    }

    /** Does nothing by itself any more; to be called while another replica leads. */
    public void rest() {
        stopAllBut(Map.of());
    }

    /** Events that are done so far of work that is done here; 0 for any other. Thread-safe. */
    public long progress(OperationName name) {
        return Optional.ofNullable(works.get(name)).map(LongWork::progress).orElse(0L);
    }

    /** Calls a listener soon after work done here went on, on any thread. */
    public NodeStates.Watch watch(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void stopAllBut(Map<OperationName, Operation> running) {
        works.forEach((name, work) -> {
            if (!running.containsKey(name)) {
                work.stop();
                works.remove(name);
            }
        });
    }

    private void goOn(Operation operation) {
        if (underWay.containsKey(operation.name())) {
            return;
        }
        switch (operation.spec().work()) {
            case OperationSpec.RollBack plan -> {
                if (!clock.instant().isBefore(operation.stepTime().plus(plan.dwell()))) {
                    give(
                            new OperationOrder.Step(operation.name(), operation.steps()),
                            "step %d of %d, begun by %s: %s"
                                    .formatted(
                                            operation.steps() + 1,
                                            plan.shares().size(),
                                            operation.actor().name(),
                                            operation.reason()));
                }
            }
            case OperationSpec.VerifyLog() ->
                    work(
                            operation,
                            () ->
                                    new LogVerification(
                                            operation.begun(), log, executor, clock, this::tell));
            case OperationSpec.BackUpLog() ->
                    work(
                            operation,
                            () -> new LogBackup(operation.name(), backups, executor, this::tell));
        }
    }

    private void work(Operation operation, Supplier<LongWork> fresh) {
        LongWork work = works.computeIfAbsent(operation.name(), _ -> fresh.get());
        work.tick();
        Optional<OperationOutcome> outcome = work.outcome();
        outcome.ifPresent(how -> give(new OperationOrder.End(operation.name(), how), ""));
    }

    private void give(OperationOrder order, String reason) {
        underWay.put(
                order.name(),
                path.submit(
                        new Command.OfOperation(order),
                        CommandContext.of(Principal.ORCHESTRATOR, clock.instant())
                                .withReason(reason)));
    }

    private void tell() {
        listeners.forEach(Runnable::run);
    }
}
