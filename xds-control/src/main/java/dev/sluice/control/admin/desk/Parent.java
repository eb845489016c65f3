package dev.sluice.control.admin.desk;

import dev.sluice.contract.Parsed;
import dev.sluice.contract.Problem;
import dev.sluice.contract.ServiceName;
import java.util.List;
import java.util.Optional;

/**
 * What a list is limited to. Immutable.
 *
 * @param service empty for all services ({@code services/-})
 */
public record Parent(Optional<ServiceName> service) {
    private static final String ALL = "services/-";

    public static Parent parse(String parent) {
        if (parent.equals(ALL)) {
            return new Parent(Optional.empty());
        }
        return switch (ServiceName.parse(parent)) {
            case Parsed.Ok<ServiceName>(var name) -> new Parent(Optional.of(name));
            case Parsed.Refused<ServiceName> _ ->
                    throw Refusing.invalid(
                            List.of(
                                    new Problem(
                                            "parent",
                                            Problem.quote(parent),
                                            "services/{service} or " + ALL,
                                            "name the service, or ask for all")));
        };
    }

    public boolean has(ServiceName name) {
        return service.isEmpty() || service.get().equals(name);
    }
}
