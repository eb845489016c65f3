package dev.sluice.control.path;

import dev.sluice.contract.GateName;
import dev.sluice.contract.Problem;
import dev.sluice.control.catalog.AnsweredRequest;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Resource;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.CommandContext.Validation;
import dev.sluice.control.change.EventStore;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.StoreException;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.lifecycle.Lifecycle;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.snapshot.Publisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The path of a change, top to bottom:
 *
 * <pre>
 * submit     a command of a person, a node or the orchestrator; a kill is published here already
 * govern     may this principal do this?
 * replay     was this request answered before?
 * decide     the events of the command, or every reason against it        (lifecycle)
 * append     the events of many commands in one transaction; the log is the audit
 * commit     the catalog that contains them is the state
 * publish    nodes, watchers and the one who asked learn of it
 * </pre>
 *
 * <h2>One writer</h2>
 *
 * All but {@code submit} runs on the writer thread, alone. Commands that wait are taken together:
 * each is decided on the state that those before it have made, though nothing of that is committed
 * yet. A command that is refused or fails leaves that state as it was.
 *
 * <h2>When the store fails</h2>
 *
 * Nothing of the batch is done and every command of it that would have changed something answers
 * UNAVAILABLE; what is published stays, serving goes on. A kill is the exception: it is out,
 * answers so, and is recorded by the first batch that can be ({@link #retryKills}).
 *
 * <p>Thread-safe.
 */
public final class ChangePath implements AutoCloseable {
    private final WrittenLog log;
    private final Governance governance;
    private final Supplier<FleetReport> fleet;
    private final Executor writer;
    private final KillLane lane;
    private final CatalogFeed feed;
    private final WaitingCommands waiting = new WaitingCommands();

    /** Owned by the writer thread. */
    private Catalog committed;

    private ChangePath(
            WrittenLog log,
            Governance governance,
            Publisher publisher,
            Supplier<FleetReport> fleet,
            Executor writer,
            Catalog committed) {
        this.log = log;
        this.governance = governance;
        this.fleet = fleet;
        this.writer = writer;
        this.committed = committed;
        this.lane = new KillLane(this::lifecycle, log::isOwn, publisher, committed);
        this.feed = new CatalogFeed(committed);
    }

    /**
     * As {@link #open(EventStore, Catalog, Governance, Publisher, Supplier, Executor)}, reading the
     * whole log.
     */
    public static ChangePath open(
            EventStore store,
            Governance governance,
            Publisher publisher,
            Supplier<FleetReport> fleet,
            Executor writer) {
        return open(store, Catalog.EMPTY, governance, publisher, fleet, writer);
    }

    /**
     * Reads the log, publishes the state and takes commands from now on. Blocks while it reads.
     *
     * @param from a state of this log, after which it is read
     * @param fleet what the nodes have told of themselves by now; returns at once
     * @param writer runs one task at a time, in order; the store is called on it alone
     * @throws StoreException when the log cannot be read or its chain is broken
     */
    public static ChangePath open(
            EventStore store,
            Catalog from,
            Governance governance,
            Publisher publisher,
            Supplier<FleetReport> fleet,
            Executor writer) {
        WrittenLog log = new WrittenLog(store);
        Catalog catalog = log.after(from);
        publisher.publish(catalog);
        return new ChangePath(log, governance, publisher, fleet, writer, catalog);
    }

    /**
     * Gives a command. The answer comes after the commit, on the writer thread; it fails with an
     * exception only by a defect of this program.
     */
    public CompletableFuture<Outcome> submit(Command command, CommandContext context) {
        Pending pending =
                new Pending(
                        command,
                        context,
                        publishAhead(command, context),
                        Pending.Lateness.IN_TIME,
                        new CompletableFuture<>());
        if (waiting.offer(pending)) {
            writer.execute(this::drain);
        } else {
            pending.answer().complete(unavailable(WaitingCommands.tooMany()));
        }
        return pending.answer();
    }

    /** Records kills that are out and not recorded; to be called every second or so. */
    public void retryKills() {
        writer.execute(this::drain);
    }

    /**
     * Takes in what another replica has appended; to be called on the writer's thread.
     *
     * @throws StoreException when it can't be read
     */
    public void catchUp() {
        log.doubt();
        log.settle(committed).ifPresent(this::publish);
        waiting.forgetLate(kill -> kill.isRecordedIn(committed));
    }

    /**
     * Orders to kill that are out and not recorded, for another who can; on the writer's thread.
     * What sidecars obey, their reports tell it.
     */
    public void eachLateKill(BiConsumer<Command.Kill, CommandContext> other) {
        for (Pending late : waiting.late()) {
            if (late.command() instanceof Command.Kill kill) {
                other.accept(kill, late.context());
            }
        }
    }

    /** Publishes kills that another replica has out and could not record yet. */
    public void publishAhead(List<GateSpec> kills) {
        lane.publishAhead(kills);
    }

    /** Takes back kills of another replica that the log has come to forbid. */
    public void drop(Set<GateName> gates) {
        lane.drop(gates);
    }

    /** The committed states, for those who watch. */
    public CatalogFeed feed() {
        return feed;
    }

    /** What nodes are to obey: the committed state with kills that are out and not recorded. */
    public Catalog inForce() {
        return lane.inForce();
    }

    /** Closes the store after the commands that were submitted before. */
    @Override
    public void close() {
        writer.execute(log::close);
    }

    private Map<GateName, GateSpec> publishAhead(Command command, CommandContext context) {
        boolean ahead =
                context.validation() == Validation.APPLY
                        && governance.deny(context.caller(), command).isEmpty()
                        && answered(feed.latest(), context).isEmpty();
        return command instanceof Command.OfKill kill && ahead
                ? lane.publishAhead(kill, context)
                : Map.of();
    }

    /** One batch, on the writer thread. */
    private void drain() {
        List<Pending> batch = waiting.take();
        if (batch.isEmpty()) {
            return;
        }
        if (!waiting.isEmpty()) {
            writer.execute(this::drain);
        }
        List<Step> steps = new ArrayList<>(batch.size());
        List<LoggedEvent> events = new ArrayList<>();
        try {
            log.settle(committed).ifPresent(this::publish);
            Catalog speculative = committed;
            FleetReport facts = fleet.get();
            for (Pending pending : batch) {
                Step step = decide(pending, speculative, facts);
                steps.add(step);
                events.addAll(step.events());
                speculative = step.after();
            }
            log.append(events);
            commit(speculative, events, steps);
        } catch (StoreException failure) {
            fail(batch, steps, failure.problem());
        }
    }

    /** Govern, replay, decide: what becomes of a command on the state before it. */
    private Step decide(Pending pending, Catalog before, FleetReport facts) {
        CommandContext context = pending.context();
        try {
            Optional<Refusal> denied = governance.deny(context.caller(), pending.command());
            if (denied.isPresent()) {
                return Step.refused(pending, before, List.of(denied.get()));
            }
            Optional<AnsweredRequest> answered = answered(before, context);
            if (answered.isPresent()) {
                return Step.replayed(pending, before, answered.get());
            }
            return switch (decision(pending, before, facts)) {
                case Decision.Refused(var refusals) -> {
                    lane.drop(pending.published().keySet());
                    yield Step.refused(pending, before, refusals);
                }
                case Decision.Change(var events) ->
                        Step.changed(pending, before, events, log.epoch());
            };
        } catch (RuntimeException defect) {
            return Step.failed(pending, before, defect);
        }
    }

    private Decision decision(Pending pending, Catalog before, FleetReport facts) {
        return pending.command() instanceof Command.OfKill kill && pending.isPublishedKill()
                ? lifecycle().decideKill(before, kill, pending.context(), pending.published())
                : lifecycle().decide(before, facts, pending.command(), pending.context());
    }

    private static Optional<AnsweredRequest> answered(Catalog catalog, CommandContext context) {
        return context.requestId().flatMap(id -> catalog.answered().find(id, context.time()));
    }

    private void commit(Catalog catalog, List<LoggedEvent> events, List<Step> steps) {
        try {
            if (!events.isEmpty()) {
                publish(catalog);
            }
        } finally {
            steps.forEach(Step::answer); // it is recorded, whatever becomes of the publishing
        }
    }

    private void publish(Catalog catalog) {
        committed = catalog;
        feed.publish(catalog);
        lane.publish(catalog);
    }

    private void fail(List<Pending> batch, List<Step> decided, Problem problem) {
        boolean settled = true; // decided on nothing but the committed state
        for (int i = 0; i < batch.size(); i++) {
            Pending pending = batch.get(i);
            settled &= i < decided.size() && decided.get(i).events().isEmpty();
            if (settled) {
                decided.get(i).answer();
            } else if (pending.isPublishedKill()) {
                waiting.addLate(pending);
                pending.answer()
                        .complete(
                                new Outcome.Published(
                                        lane.inForce()
                                                .find(Lifecycle.subject(pending.command()))
                                                .map(found -> (Resource) found)));
            } else {
                pending.answer().complete(unavailable(problem));
            }
        }
    }

    /** New revisions bear the epoch of the lease, which may have changed hands. */
    private Lifecycle lifecycle() {
        return new Lifecycle(log.epoch());
    }

    private static Outcome unavailable(Problem problem) {
        return new Outcome.Refused(List.of(new Refusal(Refusal.Kind.UNAVAILABLE, problem)));
    }
}
