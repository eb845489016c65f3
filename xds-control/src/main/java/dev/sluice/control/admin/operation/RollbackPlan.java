package dev.sluice.control.admin.operation;

import dev.sluice.admin.v1.RollBackRequest;
import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;
import dev.sluice.contract.PartsPerMillion;
import dev.sluice.contract.Problem;
import dev.sluice.contract.Problems;
import dev.sluice.control.admin.desk.Times;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.spec.OperationSpec;
import dev.sluice.control.change.spec.ShareTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads how keys are taken back in steps. Stateless. */
final class RollbackPlan {
    private static final int MOST = 20;
    private static final Duration LEAST_DWELL = Duration.ofSeconds(1);
    private static final Duration MOST_DWELL = Duration.ofHours(24);
    private static final Duration DEFAULT_DWELL = Duration.ofSeconds(60);
    private static final List<Integer> USUAL = List.of(500_000, 250_000, 50_000, 10_000);

    private RollbackPlan() {}

    /** What a request says; empty after at least one problem was added. */
    static Optional<OperationSpec.RollBack> read(
            RollBackRequest request, Catalog catalog, Problems at) {
        int before = at.count();
        Optional<ShareTarget> target = target(request.getTarget(), catalog, at.field("target"));
        Duration dwell = dwell(request, at.field("dwell"));
        if (target.isEmpty()) {
            return Optional.empty();
        }
        int present =
                GateState.share(catalog.gatesOf(target.get()))
                        .map(PartsPerMillion::value)
                        .orElse(0);
        List<PartsPerMillion> shares = shares(request, present, at.field("shares_ppm"));
        return at.count() == before
                ? Optional.of(new OperationSpec.RollBack(target.get(), shares, dwell))
                : Optional.empty();
    }

    private static Optional<ShareTarget> target(String name, Catalog catalog, Problems at) {
        if (name.startsWith("gateSets/")) {
            return GateSetName.parse(name, at).map(ShareTarget.OfSet::new);
        }
        if (name.startsWith("gates/")) {
            return GateName.parse(name, at).map(gate -> whole(gate, catalog));
        }
        at.add(Problem.quote(name), "gates/{gate} or gateSets/{gate_set}", "name what goes back");
        return Optional.empty();
    }

    private static ShareTarget whole(GateName gate, Catalog catalog) {
        return catalog.gate(gate)
                .map(GateState::content)
                .flatMap(dev.sluice.contract.gate.Gate::gateSet)
                .<ShareTarget>map(ShareTarget.OfSet::new)
                .orElseGet(() -> new ShareTarget.OfGate(gate));
    }

    private static Duration dwell(RollBackRequest request, Problems at) {
        if (!request.hasDwell()) {
            return DEFAULT_DWELL;
        }
        Duration dwell = Times.read(request.getDwell(), at);
        if (dwell.compareTo(LEAST_DWELL) < 0 || dwell.compareTo(MOST_DWELL) > 0) {
            at.add(dwell.toString(), "1 s..24 h", "correct the duration");
        }
        return dwell;
    }

    private static List<PartsPerMillion> shares(RollBackRequest request, int present, Problems at) {
        List<Integer> wanted =
                request.getSharesPpmCount() == 0
                        ? USUAL.stream().filter(share -> share < present).toList()
                        : request.getSharesPpmList();
        if (wanted.size() > MOST) {
            at.add(wanted.size() + " steps", "at most " + MOST, "take bigger steps");
        }
        List<PartsPerMillion> shares = new ArrayList<>();
        int last = present;
        for (int i = 0; i < wanted.size(); i++) {
            int share = wanted.get(i);
            if (share < 0 || (share >= last && share != 0)) {
                at.index(i)
                        .add(
                                Integer.toUnsignedString(share),
                                "less than " + last,
                                "each step goes down, the first from the share in force");
            } else if (share > 0) {
                shares.add(new PartsPerMillion(share));
                last = share;
            }
        }
        shares.add(PartsPerMillion.NONE);
        return shares;
    }
}
