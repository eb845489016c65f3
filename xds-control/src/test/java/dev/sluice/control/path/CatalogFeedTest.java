package dev.sluice.control.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.governance.Governance;
import dev.sluice.control.lifecycle.gate.FleetReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class CatalogFeedTest {
    @Test
    void a_watcher_whose_executor_has_ended_is_left_and_the_others_go_on() {
        ChangePath path =
                ChangePath.open(
                        new MemoryEventStore(),
                        Governance.embedded(),
                        new Published(),
                        () -> FleetReport.SILENT,
                        Runnable::run);
        CatalogFeed feed = path.feed();
        List<Long> seen = new ArrayList<>();
        feed.watch(
                _ -> {
                    throw new RejectedExecutionException("it has ended");
                },
                _ -> {});
        feed.watch(Runnable::run, catalog -> seen.add(catalog.seq()));

        assertThat(
                        path.submit(
                                        new Command.CreateService(Fixtures.service("orders")),
                                        Fixtures.admin())
                                .join())
                .isInstanceOf(Outcome.Accepted.class);

        assertThat(seen).containsExactly(0L, 1L);
        assertThat(feed.watchers()).isEqualTo(1);
    }
}
