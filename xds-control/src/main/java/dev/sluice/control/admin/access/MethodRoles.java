package dev.sluice.control.admin.access;

import dev.sluice.control.change.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The role that each method of the admin API needs. A method that is not here is denied to
 * everybody, so a new one is closed until it gets its line. Stateless.
 */
final class MethodRoles {
    private static final String STATUS = "envoy.service.status.v3.ClientStatusDiscoveryService/";

    private static final Map<String, Role> ROLES =
            Stream.of(
                            List.of(
                                    Map.entry(STATUS + "FetchClientStatus", Role.VIEWER),
                                    Map.entry(STATUS + "StreamClientStatus", Role.VIEWER)),
                            of(Role.VIEWER, "Approval", "GetApprovalPolicy"),
                            of(Role.VIEWER, "Approval", "ListApprovalPolicies", "WatchApprovals"),
                            of(Role.APPROVER, "Approval", "ApproveMigration", "RejectMigration"),
                            of(Role.APPROVER, "Approval", "WithdrawAnswer", "ReviewBreakGlass"),
                            of(Role.ADMIN, "Approval", "UpdateApprovalPolicy", "BreakGlass"),
                            of(Role.VIEWER, "Baseline", "GetBaseline", "ListBaselines"),
                            of(Role.OPERATOR, "Baseline", "RecordBaseline", "DeleteBaseline"),
                            of(Role.VIEWER, "Catalog", "SearchCatalog"),
                            of(Role.VIEWER, "Cohort", "GetCohort", "ListCohorts", "TestCohort"),
                            of(Role.ADMIN, "Cohort", "CreateCohort", "UpdateCohort"),
                            of(Role.ADMIN, "Cohort", "DeleteCohort"),
                            of(Role.VIEWER, "Database", "GetDatabase", "ListDatabases"),
                            of(Role.ADMIN, "Database", "CreateDatabase", "UpdateDatabase"),
                            of(Role.ADMIN, "Database", "DeleteDatabase"),
                            of(Role.VIEWER, "Event", "ListEvents", "WatchEvents"),
                            of(Role.VIEWER, "Gate", "GetGate", "ListGates", "WatchGates"),
                            of(
                                    Role.VIEWER,
                                    "Gate",
                                    "EvaluateGate",
                                    "PreviewGate",
                                    "ListGateCallers",
                                    "GetGateSelfCheck"),
                            of(Role.VIEWER, "Gate", "ListGateRevisions", "DiffGateRevisions"),
                            of(Role.OPERATOR, "Gate", "SetShare", "RollbackGate"),
                            of(Role.OPERATOR, "Gate", "KillGate", "ResumeGate"),
                            of(Role.OPERATOR, "Gate", "IsolateGate", "ReleaseGate"),
                            of(Role.ADMIN, "Gate", "CreateGate", "UpdateGate", "DeleteGate"),
                            of(Role.ADMIN, "Gate", "RestoreGateRevision"),
                            of(Role.VIEWER, "GateSet", "GetGateSet", "ListGateSets"),
                            of(Role.OPERATOR, "GateSet", "SetSetShare", "RollbackGateSet"),
                            of(Role.OPERATOR, "GateSet", "KillGateSet", "ResumeGateSet"),
                            of(Role.ADMIN, "GateSet", "CreateGateSet", "UpdateGateSet"),
                            of(Role.ADMIN, "GateSet", "DeleteGateSet"),
                            of(Role.VIEWER, "Migration", "GetMigration", "ListMigrations"),
                            of(Role.VIEWER, "Migration", "ListBlockers", "WatchMigration"),
                            of(Role.VIEWER, "Migration", "WatchMigrations"),
                            of(Role.VIEWER, "Migration", "PlanMigrations"),
                            of(Role.OPERATOR, "Migration", "CreateMigration", "UpdateMigration"),
                            of(Role.OPERATOR, "Migration", "DeleteMigration", "ReportStep"),
                            of(Role.OPERATOR, "Migration", "AdvanceMigration"),
                            of(Role.OPERATOR, "Migration", "RollbackMigration"),
                            of(Role.OPERATOR, "Migration", "PauseMigration", "ResumeMigration"),
                            of(Role.VIEWER, "Node", "GetNode", "ListNodes", "WatchNodes"),
                            of(Role.ADMIN, "Node", "ForgetNode"),
                            of(Role.VIEWER, "Operation", "GetOperation", "ListOperations"),
                            of(Role.VIEWER, "Operation", "WatchOperation"),
                            of(Role.OPERATOR, "Operation", "VerifyLog", "CancelOperation"),
                            of(Role.OPERATOR, "Operation", "RollBack"),
                            of(Role.ADMIN, "Operation", "BackUpLog"),
                            of(Role.VIEWER, "Ramp", "GetRamp", "ListRamps", "WatchRamp"),
                            of(Role.VIEWER, "Ramp", "PlanRamp"),
                            of(Role.OPERATOR, "Ramp", "CreateRamp", "PauseRamp", "ResumeRamp"),
                            of(Role.OPERATOR, "Ramp", "AdvanceRamp", "AbortRamp"),
                            of(Role.VIEWER, "RingPlan", "GetRingPlan", "ListRingPlans"),
                            of(Role.VIEWER, "RingPlan", "WatchRingPlan"),
                            of(Role.OPERATOR, "RingPlan", "ResumeRollout", "AbortRollout"),
                            of(Role.ADMIN, "RingPlan", "CreateRingPlan", "UpdateRingPlan"),
                            of(Role.ADMIN, "RingPlan", "DeleteRingPlan"),
                            of(Role.VIEWER, "Route", "GetRoute", "ListRoutes"),
                            of(Role.ADMIN, "Route", "CreateRoute", "UpdateRoute", "DeleteRoute"),
                            of(Role.VIEWER, "Service", "GetService", "ListServices"),
                            of(Role.ADMIN, "Service", "CreateService", "UpdateService"),
                            of(Role.ADMIN, "Service", "DeleteService"),
                            of(Role.VIEWER, "Sink", "GetSink", "ListSinks"),
                            of(Role.ADMIN, "Sink", "CreateSink", "UpdateSink", "DeleteSink"),
                            of(Role.OPERATOR, "Sink", "TestSink"),
                            of(Role.VIEWER, "Version", "GetVersion", "ListVersions"),
                            of(Role.ADMIN, "Version", "CreateVersion", "UpdateVersion"),
                            of(Role.ADMIN, "Version", "DeleteVersion"),
                            of(Role.VIEWER, "Window", "GetWindow", "ListWindows", "PreviewWindow"),
                            of(Role.ADMIN, "Window", "CreateWindow", "UpdateWindow"),
                            of(Role.ADMIN, "Window", "DeleteWindow"))
                    .flatMap(List::stream)
                    .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private MethodRoles() {}

    /**
     * The role that a method needs; empty for one that nobody may call.
     *
     * @param method full name, such as {@code sluice.admin.v1.GateService/GetGate}
     */
    static Optional<Role> of(String method) {
        return Optional.ofNullable(ROLES.get(method));
    }

    private static List<Map.Entry<String, Role>> of(Role role, String service, String... methods) {
        return Arrays.stream(methods)
                .map(method -> Map.entry("sluice.admin.v1." + service + "Service/" + method, role))
                .toList();
    }
}
