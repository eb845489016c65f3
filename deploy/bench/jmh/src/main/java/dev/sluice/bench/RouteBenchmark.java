package dev.sluice.bench;

import dev.sluice.proxy.filter.FilterChain;
import dev.sluice.proxy.resource.ResourceParsers;
import dev.sluice.proxy.route.Route;
import dev.sluice.proxy.route.RouteTable;
import dev.sluice.proxy.snapshot.runtime.RuntimeValues;
import io.envoyproxy.envoy.config.route.v3.DirectResponseAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A route is found among a thousand of one virtual host, half prefixes and half paths. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgs = "-XX:+UseSerialGC")
public class RouteBenchmark {
    private static final int ROUTES = 1_000;

    private final RouteTable table = RouteTable.compile(routes(), FilterChain.NONE);
    private final Target prefix = new Target("/shop/section-998/items/4711");
    private final Target exact = new Target("/shop/item-999");
    private final Target none = new Target("/elsewhere/4711");

    /** A request of which routes only look at authority and path. */
    private record Target(String path) implements dev.sluice.contract.match.RequestView {
        private static final Optional<CharSequence> AUTHORITY = Optional.of("shop.example");

        @Override
        public CharSequence method() {
            return "GET";
        }

        @Override
        public CharSequence target() {
            return path;
        }

        @Override
        public Optional<CharSequence> header(String lowerCaseName) {
            return lowerCaseName.equals(":authority") ? AUTHORITY : Optional.empty();
        }

        @Override
        public List<? extends CharSequence> headerValues(String lowerCaseName) {
            return List.of();
        }

        @Override
        public Optional<String> clientIdentity() {
            return Optional.empty();
        }

        @Override
        public byte[] peerAddress() {
            return new byte[0];
        }
    }

    private static dev.sluice.proxy.snapshot.route.RouteConfigurationSpec routes() {
        VirtualHost.Builder host = VirtualHost.newBuilder().setName("shop").addDomains("*");
        for (int i = 0; i < ROUTES; i++) {
            RouteMatch.Builder match = RouteMatch.newBuilder();
            if (i % 2 == 0) {
                match.setPrefix("/shop/section-" + i + "/");
            } else {
                match.setPath("/shop/item-" + i);
            }
            host.addRoutes(
                    io.envoyproxy.envoy.config.route.v3.Route.newBuilder()
                            .setMatch(match)
                            .setDirectResponse(DirectResponseAction.newBuilder().setStatus(200)));
        }
        return ResourceParsers.routes(
                        RouteConfiguration.newBuilder()
                                .setName("routes")
                                .addVirtualHosts(host)
                                .build())
                .orThrow()
                .spec();
    }

    /** By one of the last prefixes. */
    @Benchmark
    public Optional<Route> byPrefix() {
        return table.match(prefix, RuntimeValues.NONE, 0);
    }

    /** By the last path. */
    @Benchmark
    public Optional<Route> byPath() {
        return table.match(exact, RuntimeValues.NONE, 0);
    }

    /** By none of them. */
    @Benchmark
    public Optional<Route> byNone() {
        return table.match(none, RuntimeValues.NONE, 0);
    }
}
