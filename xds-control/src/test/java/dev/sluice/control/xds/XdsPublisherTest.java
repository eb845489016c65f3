package dev.sluice.control.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.GateName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.lifecycle.World;
import dev.sluice.testkit.ManualClock;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** In which order states come to nodes, with lanes that run when the test says so. */
class XdsPublisherTest {
    private static final Set<GateName> GATES = Set.of(new GateName("orders"));

    private final Queue<Runnable> worker = new ArrayDeque<>();
    private final Queue<Runnable> killLane = new ArrayDeque<>();
    private final XdsPublisher publisher =
            new XdsPublisher(
                    new GateHub(),
                    new NodeLedger(new ManualClock(), new Told()),
                    worker::add,
                    killLane::add);
    private final World world = new World();

    @Test
    void the_state_of_a_kill_waits_until_the_kill_is_out_and_the_recorded_one_takes_its_place() {
        publisher.publishKill(next("a"), GATES);
        Catalog recorded = next("b");
        publisher.publish(recorded);
        assertThat(worker).as("before the kill is out").isEmpty();

        killLane.remove().run();

        assertThat(worker).as("one publishing for both").hasSize(1);
        worker.remove().run();
        assertThat(publisher.served()).isSameAs(recorded);
    }

    @Test
    void a_kill_waits_for_no_state_that_is_to_be_published() {
        Catalog before = next("a");
        publisher.publish(before);
        Catalog killed = next("b");
        publisher.publishKill(killed, GATES);
        assertThat(killLane).hasSize(1);

        worker.remove().run();
        killLane.remove().run();

        assertThat(worker).as("the worker had the kill's state already").isEmpty();
        assertThat(publisher.served()).isSameAs(killed);
    }

    @Test
    void states_between_are_skipped() {
        publisher.publish(next("a"));
        publisher.publish(next("b"));
        Catalog last = next("c");
        publisher.publish(last);

        worker.remove().run();

        assertThat(worker).isEmpty();
        assertThat(publisher.served()).isSameAs(last);
    }

    private Catalog next(String service) {
        world.accept(new Command.CreateService(Fixtures.service(service)));
        return world.catalog();
    }
}
