package dev.sluice.control.orchestrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.change.Command;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.lifecycle.gate.FleetReport;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.Outcome;
import dev.sluice.control.path.Published;
import dev.sluice.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VersionEndsTest {
    private final ManualClock clock = new ManualClock(Fixtures.START);
    private final MemoryEventStore store = new MemoryEventStore();
    private final ChangePath path =
            ChangePath.open(
                    store,
                    Governance.embedded(),
                    new Published(),
                    () -> FleetReport.SILENT,
                    Runnable::run);
    private final VersionEnds ends = new VersionEnds(path, clock);

    @Test
    void a_version_in_use_is_told_of_once_when_its_end_comes() {
        var end = clock.instant().plus(Duration.ofDays(1));
        give(new Command.CreateService(Fixtures.service("orders")));
        give(new Command.CreateVersion(Fixtures.version("orders", "v1").withEnd(Optional.of(end))));
        give(new Command.CreateVersion(Fixtures.version("orders", "v2")));
        give(new Command.CreateGate(Fixtures.gate("orders", "orders", 0)));

        ends.tick();
        assertThat(told()).as("before its end").isEmpty();
        clock.advance(Duration.ofDays(1));
        ends.tick();
        ends.tick();
        new VersionEnds(path, clock).tick();

        assertThat(told())
                .containsExactly(
                        new Event.VersionExpired(
                                Fixtures.versionName("orders", "v1"),
                                end,
                                List.of("gates/orders")));
    }

    private List<Event> told() {
        return store.log().stream()
                .map(LoggedEvent::event)
                .filter(event -> event instanceof Event.VersionExpired)
                .toList();
    }

    private void give(Command command) {
        assertThat(path.submit(command, Fixtures.admin()).join())
                .isInstanceOf(Outcome.Accepted.class);
    }
}
