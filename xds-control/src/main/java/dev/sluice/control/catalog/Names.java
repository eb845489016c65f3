package dev.sluice.control.catalog;

import dev.sluice.contract.BaselineName;
import dev.sluice.contract.CohortName;
import dev.sluice.contract.DatabaseName;
import dev.sluice.contract.GateName;
import dev.sluice.contract.GateSetName;
import dev.sluice.contract.MigrationName;
import dev.sluice.contract.NodeName;
import dev.sluice.contract.OperationName;
import dev.sluice.contract.RampName;
import dev.sluice.contract.RingPlanName;
import dev.sluice.contract.RouteName;
import dev.sluice.contract.ServiceName;
import dev.sluice.contract.SinkName;
import dev.sluice.contract.VersionName;
import dev.sluice.contract.WindowName;
import dev.sluice.control.change.spec.ApprovalPolicySpec;
import dev.sluice.control.change.spec.MigrationSpec.Risk;
import java.util.Optional;
import java.util.stream.Stream;

/** What full names stand for. Stateless. */
final class Names {
    private Names() {}

    /** Any resource by its full name. */
    static Optional<? extends Resource> find(Catalog in, String name) {
        return switch (name.substring(0, name.indexOf('/') + 1)) {
            case "baselines/" -> BaselineName.parse(name).toOptional().flatMap(in::baseline);
            case "cohorts/" -> CohortName.parse(name).toOptional().flatMap(in::cohort);
            case "databases/" -> DatabaseName.parse(name).toOptional().flatMap(in::database);
            case "gates/" -> GateName.parse(name).toOptional().flatMap(in::gate);
            case "gateSets/" -> GateSetName.parse(name).toOptional().flatMap(in::gateSet);
            case "ramps/" -> RampName.parse(name).toOptional().flatMap(in::ramp);
            case "migrations/" -> MigrationName.parse(name).toOptional().flatMap(in::migration);
            case "nodes/" -> NodeName.parse(name).toOptional().flatMap(in::node);
            case "operations/" -> OperationName.parse(name).toOptional().flatMap(in::operation);
            case "ringPlans/" -> RingPlanName.parse(name).toOptional().flatMap(in::ringPlan);
            case "sinks/" -> SinkName.parse(name).toOptional().flatMap(in::sink);
            case "windows/" -> WindowName.parse(name).toOptional().flatMap(in::window);
            case ApprovalPolicySpec.COLLECTION ->
                    Stream.of(Risk.values())
                            .filter(risk -> ApprovalPolicySpec.name(risk).equals(name))
                            .findFirst()
                            .map(in::approvalPolicy);
            case "services/" -> findUnderService(in, name);
            default -> Optional.empty();
        };
    }

    private static Optional<? extends Resource> findUnderService(Catalog in, String name) {
        if (name.contains("/versions/")) {
            return VersionName.parse(name).toOptional().flatMap(in::version);
        }
        return name.contains("/routes/")
                ? RouteName.parse(name).toOptional().flatMap(in::route)
                : ServiceName.parse(name).toOptional().flatMap(in::service);
    }
}
