package dev.sluice.proxy.telemetry;

import dev.sluice.proxy.telemetry.CallerBook.Caller;
import dev.sluice.proxy.telemetry.CallerBook.Who;
import io.micrometer.core.instrument.Tags;

/** A caller as labels of a metric. Pure. */
final class CallerLabels {
    private CallerLabels() {}

    static Tags of(Caller caller) {
        Tags labels =
                Tags.of(
                        "gate", caller.gate().id(),
                        "arm", caller.arm().name(),
                        "operation", caller.operation());
        return switch (caller.who()) {
            case Who.One(String identity, String service) ->
                    labels.and("identity", identity, "service", service, "others", "false");
            case Who.Others() -> labels.and("identity", "", "service", "", "others", "true");
        };
    }
}
