package dev.sluice.proxy.xds;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.Problem;
import dev.sluice.contract.gate.Gate;
import dev.sluice.proxy.snapshot.ProxySnapshot;
import dev.sluice.proxy.snapshot.listener.ListenerSpec;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AssemblerTest {
    private final ResourceBook book =
            new ResourceBook(Resources.BOOTSTRAP, (kind, name, time) -> {}, InstantSource.system());
    private ProxySnapshot served = ProxySnapshot.EMPTY;

    private void take(ResourceKind kind, Received... resources) {
        List<Problem> problems = book.delta(kind, List.of(resources), List.of());
        assertThat(problems).isEmpty();
    }

    private Assembly assemble() {
        Assembly assembly =
                Assembler.assemble(
                        Resources.BOOTSTRAP, book, name -> Optional.<Gate>empty(), served);
        served = assembly.snapshot();
        return assembly;
    }

    private void serveOne() {
        take(ResourceKind.CLUSTER, Resources.cluster("a"));
        take(ResourceKind.ENDPOINTS, Resources.endpoints("a", 1));
        take(ResourceKind.LISTENER, Resources.listener("l", "r"));
        take(ResourceKind.ROUTES, Resources.routes("r", "a"));
        assertThat(assemble().waiting()).isEmpty();
    }

    @Test
    void a_listener_waits_for_routes_and_routes_for_endpoints() {
        take(ResourceKind.LISTENER, Resources.listener("l", "r"));
        take(ResourceKind.ROUTES, Resources.routes("r", "a"));
        take(ResourceKind.CLUSTER, Resources.cluster("a"));

        Assembly cold = assemble();
        take(ResourceKind.ENDPOINTS, Resources.endpoints("a", 1));
        Assembly warm = assemble();

        assertThat(cold.snapshot().listeners()).isEmpty();
        assertThat(cold.waiting())
                .containsExactly(
                        "cluster a waits for its endpoints a",
                        "routes r wait for cluster a",
                        "listener l waits for its routes [r]");
        assertThat(warm.waiting()).isEmpty();
        assertThat(warm.snapshot().listeners()).extracting(ListenerSpec::name).containsExactly("l");
    }

    @Test
    void routes_that_wait_for_a_gate_leave_the_old_ones_in_place() {
        serveOne();
        take(ResourceKind.ROUTES, Resources.gatedRoutes("r", "gates/g"));

        Assembly next = assemble();

        assertThat(next.waiting()).containsExactly("routes r wait for gate gates/g");
        assertThat(next.gates()).containsExactly(new GateName("g"));
        assertThat(
                        requireNonNull(next.snapshot().routes().get("r"))
                                .virtualHosts()
                                .getFirst()
                                .routes()
                                .getFirst())
                .as("the old route")
                .satisfies(route -> assertThat(route.gate()).isEmpty());
    }

    @Test
    void a_listener_that_waits_for_other_routes_keeps_the_ones_it_had() {
        serveOne();
        take(ResourceKind.LISTENER, Resources.listener("l", "other"));

        Assembly next = assemble();

        assertThat(next.snapshot().listeners()).extracting(ListenerSpec::name).containsExactly("l");
        assertThat(next.snapshot().routes()).containsOnlyKeys("r");
        assertThat(next.waiting()).containsExactly("listener l waits for its routes [other]");
    }

    @Test
    void routes_that_refuse_unknown_clusters_wait_only_for_those_that_have_come() {
        take(ResourceKind.LISTENER, Resources.listener("l", "r"));
        take(ResourceKind.ROUTES, Resources.looseRoutes("r", "a"));

        Assembly unknown = assemble();
        take(ResourceKind.CLUSTER, Resources.cluster("a"));
        Assembly coming = assemble();

        assertThat(unknown.waiting()).isEmpty();
        assertThat(unknown.snapshot().listeners()).hasSize(1);
        assertThat(coming.waiting())
                .containsExactly(
                        "cluster a waits for its endpoints a", "routes r wait for cluster a");
        assertThat(coming.snapshot().routes()).as("the routes before").containsOnlyKeys("r");
    }

    @Test
    void a_cluster_that_was_taken_away_stays_while_routes_name_it() {
        serveOne();
        book.delta(ResourceKind.CLUSTER, List.of(), List.of("a"));

        Assembly next = assemble();

        assertThat(next.snapshot().clusters()).containsOnlyKeys("a");
        assertThat(next.snapshot().endpoints())
                .hasEntrySatisfying(
                        "a", its -> assertThat(its.endpoints()).as("its endpoints").hasSize(1));
        assertThat(next.waiting()).containsExactly("routes r wait for cluster a");
    }

    @Test
    void the_same_content_is_the_same_snapshot() {
        serveOne();
        ProxySnapshot before = served;

        assertThat(assemble().snapshot().sameContent(before)).isTrue();
    }
}
