package dev.sluice.control.lifecycle.structure;

import dev.sluice.contract.ServiceName;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.Service;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.spec.ServiceSpec;
import dev.sluice.control.lifecycle.decision.Decision;
import dev.sluice.control.lifecycle.decision.Ranges;
import dev.sluice.control.lifecycle.decision.Refusals;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides about services. Immutable. */
public record ServiceRules(Catalog catalog, CommandContext context) {
    private static final int MOST_CALLS = 1_000;

    public Decision create(ServiceSpec spec) {
        Refusals refusals = new Refusals();
        if (catalog.service(spec.name()).isPresent()) {
            refusals.exists(spec.name());
        }
        check(spec, refusals);
        return refusals.orElse(() -> List.of(new Event.ServicePut(spec)));
    }

    public Decision update(ServiceSpec spec) {
        Refusals refusals = new Refusals();
        Optional<Service> present = refusals.require(catalog.service(spec.name()), spec.name());
        present.ifPresent(service -> refusals.checkEtag(service, context));
        check(spec, refusals);
        boolean same = present.filter(service -> service.spec().equals(spec)).isPresent();
        return refusals.orElse(() -> same ? List.of() : List.of(new Event.ServicePut(spec)));
    }

    public Decision delete(ServiceName name) {
        Refusals refusals = new Refusals();
        refusals.require(catalog.service(name), name)
                .ifPresent(service -> refusals.checkEtag(service, context));
        catalog.versions().stream()
                .filter(version -> version.name().service().equals(name))
                .forEach(version -> refusals.inUse(version.name()));
        catalog.routes().stream()
                .filter(route -> route.name().service().equals(name))
                .forEach(route -> refusals.inUse(route.name()));
        catalog.services().stream()
                .filter(other -> !other.name().equals(name) && other.spec().calls().contains(name))
                .forEach(other -> refusals.inUse(other.name()));
        return refusals.orElse(() -> List.of(new Event.ServiceDeleted(name)));
    }

    private void check(ServiceSpec spec, Refusals refusals) {
        Ranges ranges = new Ranges(refusals);
        ranges.description(spec.description());
        spec.outbound().ifPresent(listen -> ranges.listen("outbound", listen));
        ranges.number("calls", spec.calls().size(), 0, MOST_CALLS);
        Set<ServiceName> seen = new HashSet<>();
        for (int i = 0; i < spec.calls().size(); i++) {
            ServiceName callee = spec.calls().get(i);
            String path = "calls[" + i + "]";
            if (!seen.add(callee)) {
                refusals.invalid(path, callee, "each service once", "remove the repetition");
            }
            if (!callee.equals(spec.name())) {
                refusals.reference(catalog.service(callee), path, callee);
            }
        }
        new Listeners(catalog).check(spec, refusals);
    }
}
