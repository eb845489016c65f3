package dev.sluice.control.lifecycle;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.RampName;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.catalog.Ramp;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.Stamp;
import dev.sluice.control.change.Verdict;
import dev.sluice.control.change.codec.EventCodec;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.gate.FleetReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A catalog that commands are decided on and that their events change. Owned by one test. */
public final class World {
    private final Lifecycle lifecycle = new Lifecycle(1);
    private final List<LoggedEvent> log = new ArrayList<>();
    private Catalog catalog = Catalog.EMPTY;
    private FleetReport fleet = FleetReport.SILENT;

    /** Services orders and customers with two versions each, and a gate for each. */
    public static World shop(int share) {
        World world = new World();
        for (String service : List.of("orders", "customers")) {
            world.accept(new Command.CreateService(Fixtures.service(service)));
            world.accept(new Command.CreateVersion(Fixtures.version(service, "v1")));
            world.accept(new Command.CreateVersion(Fixtures.version(service, "v2")));
            world.accept(new Command.CreateGate(Fixtures.gate(service, service, share)));
        }
        return world;
    }

    public Catalog catalog() {
        return catalog;
    }

    public List<LoggedEvent> log() {
        return log;
    }

    public GateState gate(String id) {
        return catalog.gate(new GateName(id)).orElseThrow();
    }

    public Ramp ramp(String id) {
        return catalog.ramp(new RampName(id)).orElseThrow();
    }

    public int share(String gate) {
        return gate(gate).content().share().value();
    }

    /** The etag of what the command names, as a careful person gives it. */
    public CommandContext careful(Command command) {
        return catalog.find(Lifecycle.subject(command))
                .map(resource -> Fixtures.admin().withEtag(resource.meta().etag()))
                .orElse(Fixtures.admin());
    }

    /**
     * A context in which the orchestrator leaves the step of a ramp: its soak is over, and it was
     * judged to be no worse.
     */
    public CommandContext soaked(RampName name) {
        Ramp ramp = catalog.ramp(name).orElseThrow();
        Instant end = ramp.stepAppliedTime().orElseThrow().plus(ramp.currentStep().soak());
        accept(
                new Command.RecordVerdict(
                        name, Fixtures.verdict(ramp.step(), Verdict.Outcome.NON_INFERIOR, end)));
        return CommandContext.of(Principal.ORCHESTRATOR, end);
    }

    /** What the nodes have told of themselves from now on. */
    public void told(FleetReport report) {
        fleet = report;
    }

    /** These sidecars, and no other, decide by the present revision of every gate from now on. */
    public void applied(String... nodes) {
        Map<GateName, GateRevision> all = new HashMap<>();
        catalog.gates().forEach(gate -> all.put(gate.name(), gate.revision()));
        Map<NodeName, Map<GateName, GateRevision>> decidesBy = new HashMap<>();
        List.of(nodes).forEach(node -> decidesBy.put(new NodeName(node), all));
        told(new FleetReport(decidesBy, Map.of(), Map.of()));
    }

    public Decision decide(Command command, CommandContext context) {
        return lifecycle.decide(catalog, fleet, command, context);
    }

    public List<Event> accept(Command command) {
        return accept(command, careful(command));
    }

    public List<Event> accept(Command command, CommandContext context) {
        return switch (decide(command, context)) {
            case Decision.Change(var events) -> apply(command, context, events);
            case Decision.Refused(var refusals) ->
                    throw new AssertionError(command + " was refused: " + refusals);
        };
    }

    public List<Refusal> refuse(Command command) {
        return refuse(command, careful(command));
    }

    public List<Refusal> refuse(Command command, CommandContext context) {
        return switch (decide(command, context)) {
            case Decision.Change(var events) ->
                    throw new AssertionError(command + " was accepted: " + events);
            case Decision.Refused(var refusals) -> refusals;
        };
    }

    public List<Event> apply(Command command, CommandContext context, List<Event> events) {
        Stamp stamp =
                new Stamp(
                        context.time(),
                        context.principal(),
                        context.requestId(),
                        EventCodec.digest(command),
                        Lifecycle.subject(command),
                        context.reason());
        for (Event event : events) {
            LoggedEvent logged = HashChain.link(catalog.head(), 1, stamp, event);
            log.add(logged);
            catalog = catalog.apply(logged);
        }
        return events;
    }

    /** Of each refusal its kind. */
    public List<Refusal.Kind> kinds(Command command, CommandContext context) {
        return refuse(command, context).stream().map(Refusal::kind).toList();
    }

    /** Of each refusal the place of its problem. */
    public List<String> paths(Command command) {
        return paths(command, careful(command));
    }

    public List<String> paths(Command command, CommandContext context) {
        return refuse(command, context).stream().map(refusal -> refusal.problem().path()).toList();
    }

    /** Of each refusal what it found. */
    public List<String> got(Command command) {
        return refuse(command).stream().map(refusal -> refusal.problem().got()).toList();
    }
}
