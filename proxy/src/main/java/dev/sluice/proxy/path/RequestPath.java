package dev.sluice.proxy.path;

import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.dispatch.Dispatcher;
import dev.sluice.proxy.exchange.CodecRefusal;
import dev.sluice.proxy.exchange.RequestHead;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.ServerStreamHandler;
import dev.sluice.proxy.filter.FilterOutcome;
import dev.sluice.proxy.filter.FilterPause;
import dev.sluice.proxy.filter.FilterVerdict;
import dev.sluice.proxy.filter.Injection;
import dev.sluice.proxy.filter.rewrite.PathNormalizer;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.gate.GateAnswer;
import dev.sluice.proxy.gate.GateReply;
import dev.sluice.proxy.gate.GateStep;
import dev.sluice.proxy.gate.MirrorTag;
import dev.sluice.proxy.gate.WriteWait;
import dev.sluice.proxy.outcome.Outcome;
import dev.sluice.proxy.plan.ProxyStatus;
import dev.sluice.proxy.route.Came;
import dev.sluice.proxy.route.Route;
import dev.sluice.proxy.route.RouteTable;
import dev.sluice.proxy.snapshot.listener.HttpConnectionManagerSpec;
import dev.sluice.proxy.snapshot.log.AccessLogSpec;
import dev.sluice.proxy.snapshot.log.LogNeeds;
import dev.sluice.proxy.snapshot.overload.OverloadSpec.Action;
import dev.sluice.proxy.snapshot.runtime.RuntimeValues;
import java.util.Optional;

/**
 * The path of a request through the proxy, in one straight line:
 *
 * <pre>
 * listener → codec → exchange → route → filters → gate → dispatch → load balancer → pool → attempt → outcome
 * </pre>
 *
 * The listener accepts a connection and keeps it on one event loop; the codec turns its bytes into
 * exchanges and calls {@link #onStream} with each. The steps below return values, never call an
 * earlier step, and end in a plan, which the dispatcher executes: it takes an endpoint from the
 * load balancer, a connection from the pool, and makes attempts until one has an outcome. The
 * answer walks back through the same objects, and its record goes to the observer.
 *
 * <p>An exchange reads the configuration once and keeps it, so that it sees either the old or the
 * new one, never a mixture. Loop-owned: one path for each filter chain and loop.
 */
public final class RequestPath implements ServerStreamHandler {
    private static final GateReply NO_GATE = new GateAnswer.NoGate();

    private final Loop loop;
    private final String listener;
    private final String routesKey;
    private final HttpConnectionManagerSpec http;
    private final Surroundings surroundings;
    private final PathNormalizer normalizer;
    private final Expectations expectations;
    private final UpgradeRule upgrades;
    private final GateStep gate;
    private final ClientFacts facts;
    private final Planner planner;
    private final ProxyStatus proxyStatus;
    private final Dispatcher dispatcher;
    private final LogNeeds logNeeds;
    private final TimeAllowance times;
    private final Optional<TraceStart> tracing;

    /** The routes last seen: a listener that was removed serves its connections to their end. */
    private Optional<RouteTable> routes = Optional.empty();

    /**
     * @param listener name, for the record
     * @param routesKey where the routes of its filter chain are in the configuration
     */
    public RequestPath(
            Loop loop,
            String listener,
            String routesKey,
            HttpConnectionManagerSpec http,
            Surroundings surroundings) {
        this.loop = loop;
        this.listener = listener;
        this.routesKey = routesKey;
        this.http = http;
        this.surroundings = surroundings;
        normalizer = new PathNormalizer(http.path());
        expectations = new Expectations(http.forwarding().expecting());
        upgrades = new UpgradeRule(http.upgrades().protocols());
        gate = new GateStep(surroundings.gates(), surroundings.traces(), loop.random()::nextLong);
        FaultPoint faults = new FaultPoint(surroundings.faults(), loop);
        planner =
                new Planner(
                        loop,
                        http,
                        gate,
                        faults,
                        new Mirroring(
                                loop,
                                http.timeouts().streamIdle(),
                                surroundings.overload(),
                                surroundings.mirrors()),
                        new HttpDate(surroundings.clock()));
        proxyStatus = ProxyStatus.of(http.proxyStatus(), surroundings.nodeId());
        dispatcher =
                new Dispatcher(loop, surroundings.clock(), surroundings.mirrors(), proxyStatus);
        logNeeds = AccessLogSpec.needs(http.accessLogs());
        times = new TimeAllowance(http.timeouts());
        InternalClients internal = new InternalClients(http.forwarding());
        facts = new ClientFacts(http.forwarding(), internal);
        tracing =
                http.tracing()
                        .map(spec ->
                                new TraceStart(
                                        spec, internal, surroundings.runtime(), loop.random()));
    }

    @Override
    public void onStream(ServerStream client) {
        Exchange exchange = exchange(client);
        if (surroundings.overload().hits(Action.DISABLE_HTTP_KEEPALIVE, loop.random())) {
            client.drainConnection();
        }
        if (surroundings.overload().hits(Action.STOP_ACCEPTING_REQUESTS, loop.random())) {
            execute(exchange, planner.refuseOverloaded(client), Injection.NONE);
            return;
        }
        Optional<CharSequence> target = normalizer.normalize(client.request().path());
        if (target.isEmpty()) {
            execute(exchange, planner.refuseBadPath(client), Injection.NONE);
            return;
        }
        RequestHead head = expectations.meet(client, exchange.head().withPath(target.get()));
        Sought sought = seek(view(client, head), surroundings.configuration().get());
        switch (ask(sought)) {
            case FilterVerdict verdict -> goOn(exchange, sought, verdict);
            case FilterPause pause ->
                    pause.hold(
                            client,
                            loop.timers(),
                            sought.patience(http.timeouts().streamIdle()),
                            verdict ->
                                    goOn(exchange.readyAt(loop.timers().now()), sought, verdict));
        }
    }

    @Override
    public String proxyStatus(CodecRefusal refusal) {
        return proxyStatus.value(refusal);
    }

    private Sought seek(ExchangeView request, ConfigurationInForce configuration) {
        Optional<RouteTable> table = table(configuration);
        RuntimeValues runtime = surroundings.runtime().values();
        long random = loop.random().nextLong();
        return new Sought(
                request,
                runtime,
                configuration,
                table,
                table.flatMap(known -> known.match(request, came(known, request), runtime, random)),
                random);
    }

    private Came came(RouteTable table, ExchangeView request) {
        return table.asksForTls()
                ? facts.came(request.peer(), request.head().headers())
                : Came.BY_TLS;
    }

    private FilterOutcome ask(Sought sought) {
        return upgrades.refuse(sought.request(), sought.route())
                .<FilterOutcome>map(refused -> refused)
                .orElseGet(() -> sought.filters().run(sought.forFilters(loop.random())));
    }

    private void goOn(Exchange exchange, Sought sought, FilterVerdict verdict) {
        switch (askGate(sought, verdict)) {
            case GateAnswer answer -> send(exchange, sought, verdict, answer);
            case WriteWait wait ->
                    wait.hold(
                            exchange.client(),
                            loop.timers(),
                            times.patience(exchange, sought.route(), verdict.request().head()),
                            answer -> send(exchange, sought, verdict, answer));
        }
    }

    private GateReply askGate(Sought sought, FilterVerdict verdict) {
        return sought.route()
                .filter(route -> verdict.end() instanceof FilterVerdict.End.Passed)
                .map(route -> gate.decide(route.spec().gate(), http.gates(), verdict.request()))
                .orElse(NO_GATE);
    }

    private void send(Exchange exchange, Sought sought, FilterVerdict verdict, GateAnswer answer) {
        execute(exchange, decide(exchange, sought, verdict, answer), verdict.injection());
    }

    private Decided decide(
            Exchange exchange, Sought sought, FilterVerdict verdict, GateAnswer answer) {
        Optional<Route> route = sought.route();
        return switch (verdict.end()) {
            case FilterVerdict.End.Passed() ->
                    route.map(matched -> forward(exchange, sought, matched, verdict, answer))
                            .orElseGet(() -> planner.refuseNoRoute(exchange, verdict));
            case FilterVerdict.End.Refused refused ->
                    planner.refuse(exchange, verdict, route, refused);
            case FilterVerdict.End.Answered answered ->
                    planner.answer(exchange, verdict, route, answered);
            case FilterVerdict.End.Left left -> planner.abandon(exchange, verdict, route, left);
        };
    }

    private Decided forward(
            Exchange exchange,
            Sought sought,
            Route route,
            FilterVerdict verdict,
            GateAnswer answer) {
        return planner.plan(
                new Matched(exchange, verdict, route, answer, sought.runtime(), sought.random()),
                sought.configuration().clusters());
    }

    private void execute(Exchange exchange, Decided decided, Injection injection) {
        dispatcher.execute(
                decided.plan(),
                exchange.arrival(injection, loop.executor()),
                outcome -> remember(exchange, decided, injection, outcome));
    }

    private Exchange exchange(ServerStream client) {
        long now = loop.executor().ticker().nanoTime();
        return new Exchange(
                listener,
                client,
                http.accessLogs().isEmpty()
                        ? Optional.empty()
                        : Optional.of(new LoggedStream(client, http.accessLogs(), logNeeds)),
                tracing.map(start -> start.begin(client.request(), client.peer())),
                surroundings.clock().millis(),
                now,
                now);
    }

    private Optional<RouteTable> table(ConfigurationInForce configuration) {
        RouteTable table = configuration.routes().get(routesKey);
        if (table != null) {
            routes = Optional.of(table);
        }
        return routes;
    }

    private void remember(
            Exchange exchange, Decided decided, Injection injection, Outcome outcome) {
        decided.hold().release();
        injection.over().accept(outcome);
        surroundings.observer().finished(exchange.record(decided, counted(exchange, outcome)));
    }

    /** A copy of another request is no evidence. */
    private Outcome counted(Exchange exchange, Outcome outcome) {
        ServerStream client = exchange.client();
        return MirrorTag.isOn(client.request(), client.peer(), http.gates())
                ? outcome.leftOut()
                : outcome;
    }

    /** The request with its path as it is matched, checked and forwarded: one and the same. */
    private static ExchangeView view(ServerStream client, RequestHead head) {
        CharSequence target = head.path();
        int end = 0;
        while (end < target.length() && target.charAt(end) != '?') {
            end++;
        }
        return new ExchangeView(head, target.subSequence(0, end), client.peer());
    }
}
