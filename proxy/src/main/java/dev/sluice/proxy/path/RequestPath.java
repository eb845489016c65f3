package dev.sluice.proxy.path;

import dev.sluice.proxy.cluster.Loop;
import dev.sluice.proxy.dispatch.Dispatcher;
import dev.sluice.proxy.dispatch.Outcome;
import dev.sluice.proxy.dispatch.Refusal;
import dev.sluice.proxy.exchange.ServerStream;
import dev.sluice.proxy.exchange.ServerStreamHandler;
import dev.sluice.proxy.filter.PathNormalizer;
import dev.sluice.proxy.gate.ExchangeView;
import dev.sluice.proxy.gate.GateAnswer;
import dev.sluice.proxy.gate.GateStep;
import dev.sluice.proxy.route.Route;
import dev.sluice.proxy.route.RouteTable;
import dev.sluice.proxy.snapshot.HttpConnectionManagerSpec;
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
 * new one, never a mixture. Loop-owned: one path for each listener and loop.
 */
public final class RequestPath implements ServerStreamHandler {
    private final Loop loop;
    private final String listener;
    private final HttpConnectionManagerSpec http;
    private final Surroundings surroundings;
    private final PathNormalizer normalizer;
    private final GateStep gate;
    private final Planner planner;
    private final Dispatcher dispatcher;

    /** The routes last seen: a listener that was removed serves its connections to their end. */
    private Optional<RouteTable> routes = Optional.empty();

    public RequestPath(
            Loop loop, String listener, HttpConnectionManagerSpec http, Surroundings surroundings) {
        this.loop = loop;
        this.listener = listener;
        this.http = http;
        this.surroundings = surroundings;
        normalizer = new PathNormalizer(http.path());
        gate = new GateStep(surroundings.gates(), loop.random()::nextLong);
        planner = new Planner(loop, http, gate, new HttpDate(surroundings.clock()));
        dispatcher = new Dispatcher(loop, surroundings.clock());
    }

    @Override
    public void onStream(ServerStream client) {
        Exchange exchange = exchange(client);
        Decided decided = decide(client, surroundings.configuration().get());
        dispatcher.execute(
                decided.plan(),
                client,
                exchange.startNanos(),
                outcome -> remember(exchange, decided, outcome));
    }

    private Exchange exchange(ServerStream client) {
        return new Exchange(
                listener,
                client,
                surroundings.clock().millis(),
                loop.executor().ticker().nanoTime());
    }

    private Decided decide(ServerStream client, ConfigurationInForce configuration) {
        Optional<CharSequence> target = normalizer.normalize(client.request().path());
        if (target.isEmpty()) {
            return planner.refuse(
                    client, Refusal.BAD_PATH, "path '%s'".formatted(client.request().path()));
        }
        ExchangeView request = view(client, target.get());
        Optional<Route> route = route(request, configuration);
        if (route.isEmpty()) {
            return planner.refuse(client, Refusal.NO_ROUTE, noRoute(request));
        }
        GateAnswer answer = gate.decide(route.get().spec().gate(), http.gates(), request);
        return planner.plan(
                new Matched(request, target.get(), route.get(), answer), configuration.clusters());
    }

    private Optional<Route> route(ExchangeView request, ConfigurationInForce configuration) {
        RouteTable table = configuration.routes().get(listener);
        if (table != null) {
            routes = Optional.of(table);
        }
        return routes.flatMap(known -> known.match(request));
    }

    private void remember(Exchange exchange, Decided decided, Outcome outcome) {
        surroundings.observer().finished(exchange.record(decided, outcome));
    }

    private static ExchangeView view(ServerStream client, CharSequence target) {
        int end = 0;
        while (end < target.length() && target.charAt(end) != '?') {
            end++;
        }
        return new ExchangeView(client.request(), target.subSequence(0, end), client.peer());
    }

    private static String noRoute(ExchangeView request) {
        return "%s %s on host '%s' matches no route"
                .formatted(request.method(), request.path(), request.head().authority());
    }
}
