package dev.sluice.control.boot;

import dev.sluice.contract.NodeName;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.NodeSpec;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.TripReport;
import dev.sluice.control.path.ChangePath;
import dev.sluice.control.path.Outcome;
import dev.sluice.control.xds.NodeLedger;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who comes and goes, and who tripped, as commands of the xDS side. Thread-safe. */
final class NodeCommands implements NodeLedger.NodeEvents {
    private static final Logger LOG = LoggerFactory.getLogger(NodeCommands.class);

    private final CompletableFuture<ChangePath> path;
    private final InstantSource clock;

    /** @param path completed before the first node can connect */
    NodeCommands(CompletableFuture<ChangePath> path, InstantSource clock) {
        this.path = path;
        this.clock = clock;
    }

    @Override
    public void connected(NodeSpec node) {
        submit(new Command.RegisterNode(node));
    }

    @Override
    public void lost(NodeName node) {
        submit(new Command.NodeLost(node));
    }

    @Override
    public void left(NodeName node) {
        submit(new Command.NodeLeft(node));
    }

    @Override
    public void tripped(TripReport trip) {
        submit(new Command.RecordTrip(trip));
    }

    private void submit(Command command) {
        var unused = path.thenCompose(open -> open.submit(command, CommandContext.of(Principal.NODES, clock.instant())))
                .whenComplete((outcome, bug) -> {
                    if (bug != null) {
                        LOG.error("{} failed", command, bug);
                    } else if (outcome instanceof Outcome.Refused refused) {
                        LOG.warn("{} refused: {}", command, refused.refusals());
                    }
                });
    }
}
