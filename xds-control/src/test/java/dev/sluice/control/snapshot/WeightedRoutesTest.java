package dev.sluice.control.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import dev.sluice.contract.gate.GateParser;
import dev.sluice.contract.gate.GateWriter;
import dev.sluice.contract.gate.KeySource;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.spec.NodeSpec;
import dev.sluice.gate.v1.ApiVersionMatch;
import dev.sluice.gate.v1.Arm;
import dev.sluice.gate.v1.CohortMatch;
import dev.sluice.gate.v1.CookieMatch;
import dev.sluice.gate.v1.Gate;
import dev.sluice.gate.v1.GrpcMethod;
import dev.sluice.gate.v1.Kill;
import dev.sluice.gate.v1.Mode;
import dev.sluice.gate.v1.Rule;
import dev.sluice.gate.v1.RuleMatch;
import dev.sluice.gate.v1.StoreKind;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class WeightedRoutesTest {
    private static final StringMatcher TWO = StringMatcher.newBuilder().setExact("2").build();
    private static final HeaderMatcher BETA =
            HeaderMatcher.newBuilder().setName("x-beta").setStringMatch(TWO).build();

    @Test
    void a_share_is_the_weight_of_the_moved_keys_and_stands_first_so_that_it_only_grows() {
        RouteAction action = only(gate -> gate.setSharePpm(250_000)).getRoute();

        assertThat(action.getWeightedClusters().getClustersList())
                .extracting(ClusterWeight::getName)
                .containsExactly(Shop.V2, Shop.V1);
        assertThat(weights(action)).containsExactly(250_000, 750_000);
        assertThat(action.getWeightedClusters().getUseHashPolicy().getValue()).isTrue();
        assertThat(action.getHashPolicy(0).getHeader().getHeaderName()).isEqualTo("x-user");
    }

    @Test
    void the_ends_of_a_share_leave_nothing_to_the_other_arm() {
        assertThat(weights(only(gate -> gate.setSharePpm(0)).getRoute()))
                .containsExactly(0, 1_000_000);
        assertThat(weights(only(gate -> gate.setSharePpm(1_000_000)).getRoute()))
                .containsExactly(1_000_000, 0);
    }

    @Test
    void a_kill_takes_everything_back_over_share_and_fixed_rules() {
        List<Route> routes =
                render(gate ->
                        gate.setSharePpm(1_000_000)
                                .addRules(beta(Arm.NEW))
                                .setKill(Kill.newBuilder().setReason("errors")));

        assertThat(routes)
                .hasSize(2)
                .allSatisfy(route ->
                        assertThat(weights(route.getRoute())).containsExactly(0, 1_000_000));
    }

    @Test
    void one_version_that_answers_in_both_modes_is_one_cluster() {
        RouteAction action =
                only(gate ->
                                gate.setStoreKind(StoreKind.SEPARATE)
                                        .setFrom(Mode.OFF)
                                        .setTo(Mode.DUAL_WRITE)
                                        .setSharePpm(500_000))
                        .getRoute();

        assertThat(action.hasWeightedClusters()).isFalse();
        assertThat(action.getCluster()).isEqualTo(Shop.V1);
    }

    @Test
    void rules_are_routes_ahead_of_the_gates_own_in_their_order() {
        Rule byShare =
                Rule.newBuilder()
                        .setName("counted")
                        .setMatch(RuleMatch.newBuilder().addMethods("GET").addMethods("HEAD"))
                        .setShare(Empty.getDefaultInstance())
                        .build();

        List<Route> routes =
                render(gate ->
                        gate.setSharePpm(100)
                                .addRules(beta(Arm.NEW))
                                .addRules(beta(Arm.LEGACY).toBuilder().setName("never"))
                                .addRules(byShare));

        assertThat(routes)
                .extracting(Route::getName)
                .containsExactly("read/beta", "read/never", "read/counted", "read");
        assertThat(routes)
                .extracting(route -> weights(route.getRoute()).getFirst())
                .containsExactly(1_000_000, 0, 100, 100);
        assertThat(routes.getFirst().getMatch().getPrefix())
                .as("the route's own match holds for its rules")
                .isEqualTo("/read");
        assertThat(routes.getFirst().getMatch().getHeadersList()).containsExactly(BETA);
        assertThat(
                        routes.get(2)
                                .getMatch()
                                .getHeaders(0)
                                .getStringMatch()
                                .getSafeRegex()
                                .getRegex())
                .isEqualTo("GET|HEAD");
        assertThat(routes.getLast().getMatch().getHeadersList()).isEmpty();
    }

    @Test
    void query_parameters_and_a_version_in_a_header_can_be_said() {
        RuleMatch match =
                RuleMatch.newBuilder()
                        .addQueryParameters(
                                QueryParameterMatcher.newBuilder().setName("v").setStringMatch(TWO))
                        .setApiVersion(
                                ApiVersionMatch.newBuilder().setHeader("x-version").setValue(TWO))
                        .build();

        RouteMatch said = render(gate -> gate.addRules(rule(match))).getFirst().getMatch();

        assertThat(WeightedRoutes.canSay(rule(match))).isTrue();
        assertThat(said.getQueryParametersCount()).isEqualTo(1);
        assertThat(said.getHeaders(0).getName()).isEqualTo("x-version");
        assertThat(said.getHeaders(0).getStringMatch()).isEqualTo(TWO);
    }

    @Test
    void rules_that_envoy_has_no_matcher_for_are_left_out() {
        for (RuleMatch match :
                List.of(
                        RuleMatch.newBuilder().setPath(TWO).build(),
                        RuleMatch.newBuilder()
                                .addCookies(CookieMatch.newBuilder().setName("beta"))
                                .build(),
                        RuleMatch.newBuilder()
                                .setGrpcMethod(GrpcMethod.newBuilder().setService("shop.Orders"))
                                .build(),
                        RuleMatch.newBuilder().addClientIdentities(TWO).build(),
                        RuleMatch.newBuilder()
                                .setApiVersion(
                                        ApiVersionMatch.newBuilder()
                                                .setPathSegment(0)
                                                .setValue(TWO))
                                .build())) {
            assertThat(WeightedRoutes.canSay(rule(match))).as("%s", match).isFalse();
            assertThat(render(gate -> gate.addRules(rule(match)))).as("%s", match).hasSize(1);
        }
    }

    @Test
    void keys_that_envoy_can_hash_are_hashed_and_others_are_left_to_chance() {
        assertThat(WeightedRoutes.hashPolicy(new KeySource.Cookie("user")).orElseThrow())
                .matches(policy -> policy.getCookie().getName().equals("user"))
                .matches(policy -> !policy.getCookie().hasTtl(), "gives no cookie of its own");
        assertThat(WeightedRoutes.hashPolicy(new KeySource.GrpcMetadata("user")).orElseThrow())
                .matches(policy -> policy.getHeader().getHeaderName().equals("user"));
        assertThat(WeightedRoutes.hashPolicy(new KeySource.PeerAddress()).orElseThrow())
                .matches(policy -> policy.getConnectionProperties().getSourceIp());
        for (KeySource key :
                List.of(
                        new KeySource.GrpcMetadata("user-bin"),
                        new KeySource.JwtClaim("authorization", "sub"),
                        new KeySource.PathSegment(1),
                        new KeySource.ClientIdentity())) {
            assertThat(WeightedRoutes.hashPolicy(key)).as("%s", key).isEmpty();
        }
        Route route =
                only(gate -> gate.getBucketingBuilder().getKeyBuilder().getPathSegmentBuilder());
        assertThat(route.getRoute().getHashPolicyList()).isEmpty();
    }

    private static Rule beta(Arm arm) {
        return Rule.newBuilder()
                .setName("beta")
                .setMatch(RuleMatch.newBuilder().addHeaders(BETA))
                .setArm(arm)
                .build();
    }

    @Test
    void a_rule_for_a_cohort_is_left_out() {
        Rule rule =
                rule(RuleMatch.getDefaultInstance()).toBuilder()
                        .setCohort(CohortMatch.newBuilder().addInclude(TWO))
                        .build();

        assertThat(WeightedRoutes.canSay(rule)).isFalse();
        assertThat(render(gate -> gate.setContractVersion(2).addRules(rule))).hasSize(1);
    }

    private static Rule rule(RuleMatch match) {
        return Rule.newBuilder().setName("rule").setMatch(match).setArm(Arm.NEW).build();
    }

    private static Route only(Consumer<Gate.Builder> change) {
        List<Route> routes = render(change);
        assertThat(routes).hasSize(1);
        return routes.getFirst();
    }

    private static List<Route> render(Consumer<Gate.Builder> change) {
        Gate.Builder gate =
                GateWriter.write(Fixtures.gate("orders", "orders", 0).content()).toBuilder();
        change.accept(gate);
        return WeightedRoutes.render(
                GateParser.parseInline(gate.build()).orThrow(),
                NodeSpec.Kind.ENVOY,
                Route.newBuilder()
                        .setName("read")
                        .setMatch(RouteMatch.newBuilder().setPrefix("/read")),
                RouteAction.newBuilder());
    }

    private static List<Integer> weights(RouteAction action) {
        return action.getWeightedClusters().getClustersList().stream()
                .map(cluster -> cluster.getWeight().getValue())
                .toList();
    }
}
