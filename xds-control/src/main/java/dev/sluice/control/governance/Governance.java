package dev.sluice.control.governance;

import dev.sluice.control.change.Command;
import dev.sluice.control.change.Identity;
import dev.sluice.control.change.OperationOrder;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.Rights;
import dev.sluice.control.change.Role;
import dev.sluice.control.change.spec.OperationSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who may do what; what is not allowed is denied. The parts of the control plane itself have narrow
 * rights of their own, which no person has and no role gives. Immutable.
 *
 * @param users by the name of the principal
 */
public record Governance(Map<String, User> users) {
    /** Name of the principal that the embedded control plane's generated token stands for. */
    public static final String EMBEDDED_ADMIN = "admin";

    private static final User ADMIN =
            new User(EMBEDDED_ADMIN, new Rights(Set.of(Role.ADMIN), Set.of()));

    public Governance {
        users = Map.copyOf(users);
    }

    /** The embedded default: who has the generated token is admin, and there is nobody else. */
    public static Governance embedded() {
        return of(List.of());
    }

    /**
     * The embedded admin and others.
     *
     * @param users with names that differ from each other and from {@link #EMBEDDED_ADMIN}
     */
    public static Governance of(List<User> users) {
        return new Governance(
                Stream.concat(Stream.of(ADMIN), users.stream())
                        .collect(Collectors.toMap(User::name, user -> user)));
    }

    /** Why somebody may not give a command; empty when it may. */
    public Optional<Refusal> deny(Identity caller, Command command) {
        return switch (right(command)) {
            case Right.OfRole(Role needed) -> denyWithout(needed, caller);
            case Right.OfPart(Principal part) ->
                    caller.principal().equals(part)
                            ? Optional.empty()
                            : Optional.of(denied(caller.principal(), "only " + part.name()));
        };
    }

    /** Groups of a caller that approvals may be asked from. */
    public Set<String> groupsOf(Identity caller) {
        return rightsOf(caller).groups();
    }

    /** Why somebody may not do what a role is needed for; empty when it may. */
    public Optional<Refusal> denyWithout(Role needed, Identity caller) {
        return rightsOf(caller).may(needed)
                ? Optional.empty()
                : Optional.of(denied(caller.principal(), "role " + needed + " or ADMIN"));
    }

    private Rights rightsOf(Identity caller) {
        return switch (caller.principal().method()) {
            case TOKEN, CERTIFICATE ->
                    Optional.ofNullable(users.get(caller.principal().name()))
                            .map(User::rights)
                            .orElse(Rights.NONE);
            case OIDC -> caller.vouched();
            case NONE, INTERNAL -> Rights.NONE;
        };
    }

    /** What it takes to give a command. */
    private sealed interface Right {
        record OfRole(Role needed) implements Right {}

        record OfPart(Principal part) implements Right {}
    }

    private static Right right(Command command) {
        return switch (command) {
            case Command.ConfirmMigration _, Command.EscalateMigration _, Command.TellExpiry _ ->
                    new Right.OfPart(Principal.ORCHESTRATOR);
            case Command.ConfirmRing _, Command.OfferRing _, Command.HaltStructure _ ->
                    new Right.OfPart(Principal.ORCHESTRATOR);
            case Command.OfOperation(var order) -> right(order);
            case Command.ResumeStructure _, Command.AbortStructure _ ->
                    new Right.OfRole(Role.OPERATOR);
            case Command.AdvanceSink _, Command.DropFromSink _ ->
                    new Right.OfPart(Principal.NOTIFIER);
            case Command.AnswerMigration _, Command.WithdrawAnswer _, Command.ReviewBreakGlass _ ->
                    new Right.OfRole(Role.APPROVER);
            case Command.BreakGlass _,
                    Command.PutApprovalPolicy _,
                    Command.CreateWindow _,
                    Command.UpdateWindow _,
                    Command.DeleteWindow _,
                    Command.CreateDatabase _,
                    Command.UpdateDatabase _,
                    Command.DeleteDatabase _,
                    Command.CreateRingPlan _,
                    Command.UpdateRingPlan _,
                    Command.DeleteRingPlan _,
                    Command.CreateSink _,
                    Command.UpdateSink _,
                    Command.DeleteSink _ ->
                    new Right.OfRole(Role.ADMIN);
            case Command.OfMigration _ -> new Right.OfRole(Role.OPERATOR);
            case Command.MoveWrites _,
                    Command.StepRamp _,
                    Command.ConfirmStep _,
                    Command.RecordVerdict _,
                    Command.HoldRamp _,
                    Command.TakeBackRamp _ ->
                    new Right.OfPart(Principal.ORCHESTRATOR);
            case Command.RecordTrip _,
                    Command.RecordLocalKill _,
                    Command.KeepKill _,
                    Command.RegisterNode _,
                    Command.NodeLost _,
                    Command.NodeLeft _ ->
                    new Right.OfPart(Principal.NODES);
            case Command.SetShare _,
                    Command.Rollback _,
                    Command.Kill _,
                    Command.Resume _,
                    Command.IsolateGate _,
                    Command.ReleaseGate _,
                    Command.RecordBaseline _,
                    Command.DeleteBaseline _,
                    Command.CreateRamp _,
                    Command.PauseRamp _,
                    Command.ResumeRamp _,
                    Command.AdvanceRamp _,
                    Command.AbortRamp _ ->
                    new Right.OfRole(Role.OPERATOR);
            case Command.CreateService _,
                    Command.UpdateService _,
                    Command.DeleteService _,
                    Command.CreateVersion _,
                    Command.UpdateVersion _,
                    Command.DeleteVersion _,
                    Command.CreateRoute _,
                    Command.UpdateRoute _,
                    Command.DeleteRoute _,
                    Command.CreateGate _,
                    Command.UpdateGate _,
                    Command.DeleteGate _,
                    Command.RestoreRevision _,
                    Command.CreateGateSet _,
                    Command.UpdateGateSet _,
                    Command.DeleteGateSet _,
                    Command.CreateCohort _,
                    Command.UpdateCohort _,
                    Command.DeleteCohort _,
                    Command.ForgetNode _ ->
                    new Right.OfRole(Role.ADMIN);
        };
    }

    private static Right right(OperationOrder order) {
        return switch (order) {
            case OperationOrder.Begin(var operation) ->
                    switch (operation.work()) {
                        case OperationSpec.VerifyLog _, OperationSpec.RollBack _ ->
                                new Right.OfRole(Role.OPERATOR);
                        case OperationSpec.BackUpLog _ -> new Right.OfRole(Role.ADMIN);
                    };
            case OperationOrder.Cancel _ -> new Right.OfRole(Role.OPERATOR);
            case OperationOrder.Step _, OperationOrder.End _ ->
                    new Right.OfPart(Principal.ORCHESTRATOR);
        };
    }

    private static Refusal denied(Principal principal, String expected) {
        return Refusal.of(
                Refusal.Kind.DENIED,
                "principal",
                principal.name() + " (" + principal.method() + ")",
                expected,
                "use the credentials of a principal that may, or ask an admin for the role");
    }
}
