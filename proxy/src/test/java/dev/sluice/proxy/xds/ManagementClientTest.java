package dev.sluice.proxy.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import dev.sluice.proxy.cluster.ConfigurationThread;
import dev.sluice.proxy.gate.GateTable;
import dev.sluice.proxy.gate.LatchIds;
import dev.sluice.proxy.gate.TripWatch;
import dev.sluice.proxy.resource.BootstrapSpec;
import dev.sluice.proxy.resource.BootstrapSpec.Ads;
import dev.sluice.proxy.resource.BootstrapSpec.Subscription;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.snapshot.runtime.RuntimeSpec;
import dev.sluice.proxy.snapshot.runtime.RuntimeValue;
import io.grpc.Channel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the client says it waits for, between an answer and what follows from it. */
class ManagementClientTest {
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    private final HeldThread thread = new HeldThread();
    private final GateTable table = new GateTable();
    private final TripWatch trips =
            new TripWatch(table, new LatchIds("node", "boot"), CLOCK::instant, trip -> {});
    private final Served serving = new Served();
    private final ManagementClient client = client(managed(Resources.BOOTSTRAP));

    /** What is handed to the configuration thread waits until the test lets it run. */
    private static final class HeldThread implements ConfigurationThread {
        private final Queue<Runnable> queue = new ArrayDeque<>();
        private final List<Timer> timers = new ArrayList<>();

        private record Timer(Duration delay, Runnable action) {}

        @Override
        public void execute(Runnable action) {
            queue.add(action);
        }

        @Override
        public Cancellable after(Duration delay, Runnable action) {
            Timer timer = new Timer(delay, action);
            timers.add(timer);
            return () -> timers.remove(timer);
        }

        /** Runs the actions that wait for this delay. */
        void pass(Duration delay) {
            for (Timer timer : List.copyOf(timers)) {
                if (timer.delay().equals(delay)) {
                    timers.remove(timer);
                    timer.action().run();
                }
            }
            runAll();
        }

        void runAll() {
            for (Runnable next = queue.poll(); next != null; next = queue.poll()) {
                next.run();
            }
        }
    }

    private static final class Served implements ConfigurationSink {
        private final List<ProxySnapshot> snapshots = new ArrayList<>();
        private Map<String, Map<String, RuntimeValue>> runtime = Map.of();

        @Override
        public void serve(ProxySnapshot snapshot) {
            snapshots.add(snapshot);
        }

        @Override
        public void runtime(Map<String, Map<String, RuntimeValue>> layers) {
            runtime = layers;
        }

        @Override
        public void changed() {}

        @Override
        public void connected(Channel channel) {}

        @Override
        public void disconnected() {}
    }

    private ManagementClient client(BootstrapSpec bootstrap) {
        return new ManagementClient(
                bootstrap,
                () -> {
                    throw new AssertionError("no connection is made here");
                },
                thread,
                new GateBook(table, trips, thread, CLOCK),
                serving,
                CLOCK,
                new SplittableRandom(1));
    }

    private static BootstrapSpec managed(BootstrapSpec plain) {
        Ads ads =
                new Ads(
                        BootstrapSpec.Protocol.DELTA,
                        "ads",
                        "",
                        Map.of(),
                        Set.of(Subscription.LISTENERS, Subscription.CLUSTERS));
        return new BootstrapSpec(
                plain.node(),
                plain.admin(),
                plain.listeners(),
                plain.clusters(),
                plain.secrets(),
                Optional.of(ads),
                plain.overload(),
                plain.runtime(),
                plain.upstreamSource(),
                plain.inert(),
                plain.source());
    }

    private void take(ResourceKind kind, Received resource) {
        assertThat(client.delta(kind, "1", List.of(resource), List.of())).as("refusal").isEmpty();
    }

    @Test
    void a_kind_is_here_only_once_it_is_known_what_it_waits_for() {
        take(ResourceKind.CLUSTER, Resources.cluster("a"));
        thread.runAll();
        take(ResourceKind.ENDPOINTS, Resources.endpoints("a", 1));
        thread.runAll();

        take(ResourceKind.LISTENER, Resources.listener("l", "r"));
        List<String> between = client.waiting();
        thread.runAll();
        List<String> followed = client.waiting();
        take(ResourceKind.ROUTES, Resources.routes("r", "a"));
        List<String> beforeRoutes = client.waiting();
        thread.runAll();

        assertThat(between).containsExactly("the management server sent no listener yet");
        assertThat(followed).containsExactly("listener l waits for its routes [r]");
        assertThat(beforeRoutes).as("until the routes are followed").isEqualTo(followed);
        assertThat(client.waiting()).as("at the end").isEmpty();
        assertThat(serving.snapshots.getLast().listeners()).as("served at the end").hasSize(1);
    }

    @Test
    void a_kind_that_was_refused_stays_so_until_a_better_one_is_followed() {
        assertThat(
                        client.delta(
                                ResourceKind.CLUSTER,
                                "1",
                                List.of(Resources.wrongCluster("a")),
                                List.of()))
                .contains("connect_timeout");
        List<String> refused = client.waiting();
        take(ResourceKind.CLUSTER, Resources.cluster("a"));

        assertThat(refused).anySatisfy(why -> assertThat(why).contains("was refused"));
        assertThat(client.waiting()).as("not yet followed").isEqualTo(refused);
    }

    @Test
    void what_is_not_renewed_in_time_ends_and_what_is_renewed_lives() {
        Duration hour = Duration.ofHours(1);
        Duration day = Duration.ofDays(1);
        take(ResourceKind.CLUSTER, Resources.cluster("a"));
        take(ResourceKind.ENDPOINTS, Resources.endpoints("a", 1));
        take(ResourceKind.LISTENER, Resources.listener("l", "r").living(Optional.of(hour)));
        take(ResourceKind.ROUTES, Resources.routes("r", "a"));
        take(
                ResourceKind.LISTENER,
                new Received("l", "1", Any.getDefaultInstance(), Optional.of(day)));
        thread.runAll();

        thread.pass(hour);
        var renewed = serving.snapshots.getLast().listeners();
        thread.pass(day);

        assertThat(renewed).as("after its first hour").hasSize(1);
        assertThat(serving.snapshots.getLast().listeners()).as("after its day").isEmpty();
        assertThat(client.waiting()).isEmpty();
    }

    @Test
    void what_comes_again_without_an_end_has_none() {
        Duration hour = Duration.ofHours(1);
        take(ResourceKind.CLUSTER, Resources.cluster("a").living(Optional.of(hour)));
        take(ResourceKind.CLUSTER, Resources.cluster("a"));
        take(ResourceKind.ENDPOINTS, Resources.endpoints("a", 1));
        thread.runAll();

        thread.pass(hour);

        assertThat(serving.snapshots.getLast().clusters()).containsOnlyKeys("a");
    }

    @Test
    void listeners_wait_for_the_layers_of_runtime_values() {
        BootstrapSpec layered = layered(managed(Resources.BOOTSTRAP), "r1");
        ManagementClient following = client(layered);
        following.delta(ResourceKind.CLUSTER, "1", List.of(Resources.cluster("a")), List.of());
        following.delta(
                ResourceKind.ENDPOINTS, "1", List.of(Resources.endpoints("a", 1)), List.of());
        following.delta(
                ResourceKind.LISTENER, "1", List.of(Resources.listener("l", "r")), List.of());
        following.delta(ResourceKind.ROUTES, "1", List.of(Resources.routes("r", "a")), List.of());
        thread.runAll();
        List<String> waiting = following.waiting();

        String refusal =
                following.delta(
                        ResourceKind.RUNTIME, "1", List.of(Resources.runtime("r1")), List.of());
        thread.runAll();

        assertThat(waiting).containsExactly("listener l waits for its runtime layers [r1]");
        assertThat(refusal).isEmpty();
        assertThat(following.waiting()).isEmpty();
        assertThat(serving.snapshots.getLast().listeners()).hasSize(1);
        assertThat(serving.runtime)
                .isEqualTo(Map.of("r1", Map.of("k", new RuntimeValue.Numeral("1", 1))));
    }

    private static BootstrapSpec layered(BootstrapSpec plain, String resource) {
        RuntimeSpec runtime =
                new RuntimeSpec(
                        List.of(
                                new RuntimeSpec.Layer(
                                        "remote", new RuntimeSpec.Source.Subscribed(resource))));
        return new BootstrapSpec(
                plain.node(),
                plain.admin(),
                plain.listeners(),
                plain.clusters(),
                plain.secrets(),
                plain.ads(),
                plain.overload(),
                runtime,
                plain.upstreamSource(),
                plain.inert(),
                plain.source());
    }
}
