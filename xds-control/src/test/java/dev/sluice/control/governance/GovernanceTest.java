package dev.sluice.control.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.MigrationName;
import dev.sluice.contract.OperationName;
import dev.sluice.contract.RampName;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Identity;
import dev.sluice.control.change.OperationOrder;
import dev.sluice.control.change.Principal;
import dev.sluice.control.change.Principal.AuthMethod;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.Rights;
import dev.sluice.control.change.Role;
import dev.sluice.control.change.spec.OperationSpec;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GovernanceTest {
    private static final Command STRUCTURE = new Command.CreateService(Fixtures.service("a"));
    private static final Command MOVE = new Command.Kill(Fixtures.gateTarget("g"));
    private static final Command RUN = new Command.StepRamp(new RampName("r"), 0);
    private static final Command REPORT = new Command.RegisterNode(Fixtures.node("n", "a"));

    private static final Command KEEP = new Command.KeepKill(Fixtures.obeyedKill("g", 1, 2));

    private final Governance governance =
            Governance.of(
                    List.of(
                            user("viewer", Role.VIEWER),
                            user("operator", Role.OPERATOR),
                            user("approver", Role.APPROVER),
                            user("both", Role.OPERATOR, Role.APPROVER)));

    @Test
    void each_role_may_do_what_it_names_and_everyone_looks() {
        assertThat(may("viewer", MOVE)).isFalse();
        assertThat(may("approver", MOVE)).isFalse();
        assertThat(may("operator", MOVE)).isTrue();
        assertThat(may("both", MOVE)).isTrue();
        assertThat(may("operator", STRUCTURE)).isFalse();
        assertThat(may("admin", MOVE)).isTrue();
        assertThat(may("admin", STRUCTURE)).isTrue();
        assertThat(List.of("viewer", "operator", "approver", "both", "admin"))
                .allSatisfy(name ->
                        assertThat(governance.denyWithout(Role.VIEWER, token(name))).isEmpty());
        assertThat(governance.denyWithout(Role.APPROVER, token("operator"))).isPresent();
        assertThat(governance.denyWithout(Role.APPROVER, token("both"))).isEmpty();
        assertThat(governance.denyWithout(Role.APPROVER, token("admin"))).isEmpty();
    }

    @Test
    void who_answers_is_not_who_moves_and_only_an_admin_breaks_the_glass() {
        Command withdraw = new Command.WithdrawAnswer(new MigrationName("m"));
        Command advance = new Command.AdvanceMigration(new MigrationName("m"));
        Command glass = new Command.BreakGlass(new MigrationName("m"));

        assertThat(may("approver", withdraw)).isTrue();
        assertThat(may("operator", withdraw)).isFalse();
        assertThat(may("approver", advance)).isFalse();
        assertThat(may("operator", advance)).isTrue();
        assertThat(may("both", glass)).isFalse();
        assertThat(may("admin", glass)).isTrue();
        Governance grouped =
                Governance.of(
                        List.of(new User("ada", new Rights(Set.of(Role.APPROVER), Set.of("dba")))));
        assertThat(grouped.groupsOf(token("ada"))).containsExactly("dba");
        assertThat(grouped.groupsOf(token("stranger"))).isEmpty();
        assertThat(grouped.groupsOf(Identity.of(new Principal("ada", AuthMethod.NONE)))).isEmpty();
    }

    @Test
    void what_is_not_allowed_is_denied() {
        assertThat(may("stranger", MOVE)).isFalse();
        assertThat(governance.denyWithout(Role.VIEWER, token("stranger"))).isPresent();
        assertThat(governance.deny(Identity.of(new Principal("admin", AuthMethod.NONE)), MOVE))
                .as("a name that was not proved")
                .hasValueSatisfying(refusal -> {
                    assertThat(refusal.kind()).isEqualTo(Refusal.Kind.DENIED);
                    assertThat(refusal.problem().expected()).contains("OPERATOR");
                });
    }

    @Test
    void the_parts_of_the_plane_have_narrow_rights_that_no_person_has() {
        assertThat(governance.deny(Identity.of(Principal.ORCHESTRATOR), RUN)).isEmpty();
        assertThat(governance.deny(Identity.of(Principal.ORCHESTRATOR), MOVE)).isPresent();
        assertThat(governance.deny(Identity.of(Principal.ORCHESTRATOR), REPORT)).isPresent();
        assertThat(governance.deny(Identity.of(Principal.NODES), KEEP)).isEmpty();
        assertThat(governance.deny(Identity.of(Principal.NODES), MOVE)).isPresent();
        assertThat(may("admin", KEEP)).as("a person orders a kill").isFalse();
        assertThat(governance.deny(Identity.of(Principal.NODES), REPORT)).isEmpty();
        assertThat(governance.deny(Identity.of(Principal.NODES), STRUCTURE)).isPresent();
        assertThat(may("admin", RUN)).isFalse();
        assertThat(
                        governance.deny(
                                Identity.of(new Principal("sluice/orchestrator", AuthMethod.TOKEN)),
                                RUN))
                .as("a person of the same name")
                .isPresent();
    }

    @Test
    void operations_are_begun_by_who_may_do_what_they_do_and_taken_on_by_the_orchestrator() {
        var name = new OperationName("op-1");
        Command verify = begin(name, new OperationSpec.VerifyLog());
        Command backUp = begin(name, new OperationSpec.BackUpLog());
        Command cancel = new Command.OfOperation(new OperationOrder.Cancel(name));
        Command step = new Command.OfOperation(new OperationOrder.Step(name, 1));

        assertThat(may("viewer", verify)).isFalse();
        assertThat(may("operator", verify)).isTrue();
        assertThat(may("operator", cancel)).isTrue();
        assertThat(may("operator", backUp)).as("a copy of everything").isFalse();
        assertThat(may("admin", backUp)).isTrue();
        assertThat(may("admin", step)).isFalse();
        assertThat(governance.deny(Identity.of(Principal.ORCHESTRATOR), step)).isEmpty();
        assertThat(governance.deny(Identity.of(Principal.ORCHESTRATOR), cancel)).isPresent();
    }

    private static Command begin(OperationName name, OperationSpec.Work work) {
        return new Command.OfOperation(new OperationOrder.Begin(new OperationSpec(name, work)));
    }

    @Test
    void a_provider_vouches_for_its_users_and_for_nobody_else() {
        var rights = new Rights(Set.of(Role.OPERATOR), Set.of("dba"));
        var vouched = new Identity(new Principal("corp:ada", AuthMethod.OIDC), rights);

        assertThat(governance.deny(vouched, MOVE)).isEmpty();
        assertThat(governance.deny(vouched, STRUCTURE)).isPresent();
        assertThat(governance.groupsOf(vouched)).containsExactly("dba");
        assertThat(
                        governance.deny(
                                new Identity(
                                        new Principal("operator", AuthMethod.OIDC), Rights.NONE),
                                MOVE))
                .as("the rights of a user of the file")
                .isPresent();
        assertThat(
                        governance.deny(
                                new Identity(new Principal("viewer", AuthMethod.TOKEN), rights),
                                MOVE))
                .as("a token that says more than the file")
                .isPresent();
        assertThat(may("operator", MOVE, AuthMethod.CERTIFICATE)).isTrue();
        assertThat(may("viewer", MOVE, AuthMethod.CERTIFICATE)).isFalse();
    }

    @Test
    void the_embedded_default_knows_one_admin() {
        Governance embedded = Governance.embedded();
        assertThat(embedded.deny(token("admin"), STRUCTURE)).isEmpty();
        assertThat(embedded.deny(token("operator"), MOVE)).isPresent();
    }

    private static User user(String name, Role... roles) {
        return new User(name, new Rights(Set.of(roles), Set.of()));
    }

    private boolean may(String name, Command command) {
        return may(name, command, AuthMethod.TOKEN);
    }

    private boolean may(String name, Command command, AuthMethod method) {
        return governance.deny(Identity.of(new Principal(name, method)), command).isEmpty();
    }

    private static Identity token(String name) {
        return Identity.of(new Principal(name, AuthMethod.TOKEN));
    }
}
