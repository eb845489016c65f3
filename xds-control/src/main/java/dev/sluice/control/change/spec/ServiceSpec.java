package dev.sluice.control.change.spec;

import dev.sluice.contract.ServiceName;
import java.util.List;
import java.util.Optional;

/**
 * What a person says of a service: something that has versions and that others call. Immutable;
 * ranges are checked by {@code lifecycle}.
 *
 * @param outbound where the sidecars of its callers listen for calls to it; empty when nobody calls
 *     it through Sluice
 * @param calls services that it calls; at most 1,000, no duplicates
 */
public record ServiceSpec(
        ServiceName name,
        Description description,
        Optional<ListenAddress> outbound,
        List<ServiceName> calls) {
    public ServiceSpec {
        calls = List.copyOf(calls);
    }
}
