package dev.sluice.control.cli.bundle;

import dev.sluice.admin.v1.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The order in which the services of one file can be put: whom one calls comes before it. Where
 * services call each other in a circle, one of them is put without the calls that can't be named
 * yet, and once more at the end. For one use.
 */
final class CallOrder {
    private final Map<String, List<Service>> byName = new HashMap<>();
    private final Set<String> entered = new HashSet<>();
    private final List<Service> ordered = new ArrayList<>();

    private CallOrder(List<Service> services) {
        for (Service service : services) {
            byName.computeIfAbsent(service.getName(), _ -> new ArrayList<>()).add(service);
        }
        services.forEach(service -> enter(service.getName()));
    }

    /**
     * The order.
     *
     * @param services of the file, as it has them; services that do not call each other keep their
     *     order
     * @param present whether the control plane has a service of that name
     * @return what to put, one after the other
     */
    static List<Service> of(List<Service> services, Predicate<String> present) {
        List<Service> steps = new ArrayList<>();
        List<Service> again = new ArrayList<>();
        Set<String> put = new HashSet<>();
        var order = new CallOrder(services);
        for (Service service : order.ordered) {
            put.add(service.getName());
            List<String> named =
                    service.getCallsList().stream()
                            .filter(callee ->
                                    put.contains(callee)
                                            || !order.byName.containsKey(callee)
                                            || present.test(callee))
                            .toList();
            if (named.size() < service.getCallsCount()) {
                steps.add(service.toBuilder().clearCalls().addAllCalls(named).build());
                again.add(service.toBuilder().clearEtag().build());
            } else {
                steps.add(service);
            }
        }
        steps.addAll(again);
        return steps;
    }

    private void enter(String name) {
        List<Service> services = byName.getOrDefault(name, List.of());
        if (entered.add(name)) {
            services.forEach(service -> service.getCallsList().forEach(this::enter));
            ordered.addAll(services);
        }
    }
}
