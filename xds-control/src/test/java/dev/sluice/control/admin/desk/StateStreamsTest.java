package dev.sluice.control.admin.desk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.contract.NodeName;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.orchestrate.NodeState;
import dev.sluice.control.orchestrate.NodeStates;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.Outcome;
import dev.sluice.control.path.Published;
import dev.sluice.testkit.ManualClock;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Streams of the names of services, on one thread. */
class StateStreamsTest {
    private final ManualClock clock = new ManualClock();
    private final ChangePath path =
            ChangePath.open(
                    new MemoryEventStore(),
                    Governance.embedded(),
                    new Published(),
                    () -> FleetReport.SILENT,
                    Runnable::run);
    private final StateStreams streams =
            new StateStreams(path.feed(), new NoNodes()::watch, Runnable::run, clock);
    private final Client client = new Client();

    @Test
    void a_mark_follows_what_was_there_and_each_change() {
        create("a");
        streams.open(client, shape(Set.of()));
        create("b");

        assertThat(client.got).containsExactly("services/a", "up to 1", "services/b", "up to 2");
    }

    @Test
    void what_a_client_has_already_is_not_told_but_that_it_is_gone_is() {
        create("a");
        create("b");
        streams.open(client, shape(Set.of("services/a", "services/gone-before")));
        delete("a");

        assertThat(client.got).containsExactly("services/b", "up to 2", "-services/a", "up to 3");
    }

    @Test
    void a_slow_client_skips_states_and_is_right_once_it_reads() {
        streams.open(client, shape(Set.of()));
        client.ready = false;
        create("a");
        create("b");
        delete("a");
        clock.advance(StateStreams.LONGEST_DEAF);
        client.ready = true;
        client.onReady.run();

        assertThat(client.got).containsExactly("up to 0", "services/b", "up to 3");
        assertThat(client.failure).isEmpty();
    }

    @Test
    void a_client_that_reads_nothing_for_too_long_is_cut_off_and_watched_no_more() {
        streams.open(client, shape(Set.of()));
        client.ready = false;
        create("a");
        clock.advance(StateStreams.LONGEST_DEAF);
        create("b");
        assertThat(client.failure).as("not yet").isEmpty();
        clock.advance(Duration.ofSeconds(1));
        create("c");

        assertThat(client.failure)
                .hasValueSatisfying(status -> {
                    assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                    assertThat(status.getDescription()).contains("read nothing for 120 s");
                });
        assertThat(path.feed().watchers()).isZero();
        create("d");
        assertThat(client.got).containsExactly("up to 0");
    }

    @Test
    void reading_once_in_a_while_is_enough() {
        streams.open(client, shape(Set.of()));
        for (int i = 0; i < 5; i++) {
            client.ready = false;
            create("s" + i);
            clock.advance(StateStreams.LONGEST_DEAF.minusSeconds(1));
            client.ready = true;
            client.onReady.run();
        }

        assertThat(client.failure).isEmpty();
        assertThat(client.got).hasSize(11);
    }

    private static StateStreams.Shape<String> shape(Set<String> known) {
        return new StateStreams.Shape<>(
                catalog ->
                        catalog.services().stream()
                                .map(service -> service.resourceName())
                                .collect(Collectors.toMap(name -> name, name -> name)),
                name -> Optional.of("-" + name),
                StateStreams.Progress.after(catalog -> "up to " + catalog.seq()),
                _ -> false,
                _ -> known);
    }

    private void create(String id) {
        give(new Command.CreateService(Fixtures.service(id)));
    }

    private void delete(String id) {
        give(new Command.DeleteService(Fixtures.serviceName(id)));
    }

    private void give(Command command) {
        assertThat(path.submit(command, Fixtures.admin()).join())
                .isInstanceOf(Outcome.Accepted.class);
    }

    /** A call that takes what it is given while it says that it is ready. */
    private static final class Client extends ServerCallStreamObserver<String> {
        private final List<String> got = new ArrayList<>();
        private Optional<Status> failure = Optional.empty();
        private boolean ready = true;
        private Runnable onReady = () -> {};

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void onNext(String text) {
            got.add(text);
        }

        @Override
        public void onError(Throwable thrown) {
            failure = Optional.of(Status.fromThrowable(thrown));
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {
            onReady = handler;
        }

        @Override
        public void onCompleted() {}

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}
    }

    private static final class NoNodes implements NodeStates {
        @Override
        public Optional<NodeState> node(NodeName name) {
            return Optional.empty();
        }

        @Override
        public long version(NodeName name) {
            return 0;
        }

        @Override
        public Collection<NodeState> nodes() {
            return List.of();
        }

        @Override
        public Map<GateName, Map<NodeName, NodeState.GateReport>> reports(Set<GateName> gates) {
            return Map.of();
        }

        @Override
        public long version(GateName gate) {
            return 0;
        }

        @Override
        public Watch watch(Runnable listener) {
            return () -> {};
        }
    }
}
