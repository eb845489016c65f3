package dev.sluice.proxy.dispatch;

import dev.sluice.proxy.cluster.LoopCluster;
import dev.sluice.proxy.observe.ExchangeRecord.Result;
import dev.sluice.proxy.plan.Refusal;
import dev.sluice.proxy.pool.Budget;
import java.util.Optional;

/** The place of one exchange among the requests under way to its cluster. Loop-owned. */
final class Admission {
    private final LoopCluster cluster;
    private final Budget requests;
    private boolean taken;

    Admission(LoopCluster cluster) {
        this.cluster = cluster;
        requests = cluster.cluster().budgets().requests();
    }

    /** Takes the place, or says why there is none. */
    Optional<EndCause> take() {
        Optional<String> dropped = cluster.dropped();
        if (dropped.isPresent()) {
            return Optional.of(
                    new EndCause(
                            Refusal.DROPPED,
                            Result.RESET,
                            "load of category '%s' is shed".formatted(dropped.get())));
        }
        taken = requests.tryTake();
        return taken
                ? Optional.empty()
                : Optional.of(
                        new EndCause(
                                Refusal.OVERFLOW,
                                Result.RESET,
                                "requests under way reached the cluster's limit of "
                                        + requests.limit()));
    }

    /** Gives the place back, if it was taken. */
    void end() {
        if (taken) {
            taken = false;
            requests.giveBack();
        }
    }
}
