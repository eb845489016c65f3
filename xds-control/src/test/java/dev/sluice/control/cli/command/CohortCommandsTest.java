package dev.sluice.control.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.v1.Cohort;
import dev.sluice.admin.v1.CohortServiceGrpc.CohortServiceImplBase;
import dev.sluice.admin.v1.GetCohortRequest;
import dev.sluice.admin.v1.ListCohortsRequest;
import dev.sluice.admin.v1.ListCohortsResponse;
import dev.sluice.admin.v1.TestCohortRequest;
import dev.sluice.admin.v1.TestCohortResponse;
import dev.sluice.admin.v1.UpdateCohortRequest;
import dev.sluice.control.cli.CommandRun;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CohortCommandsTest {
    private final OneCohort cohorts = new OneCohort();
    private CommandRun cli;

    @BeforeEach
    void start() throws IOException {
        cli = new CommandRun(cohorts);
    }

    @AfterEach
    void stop() {
        cli.close();
    }

    @Test
    void keys_are_added_and_taken_out_under_the_etag_that_was_read() {
        CommandRun.Result set =
                cli.run(
                        "cohort",
                        "set",
                        "beta",
                        "--include",
                        "bob,vip-*",
                        "--exclude",
                        "eve",
                        "--remove",
                        "alice",
                        "--allow-moves",
                        "--reason",
                        "they asked");

        assertThat(set.exitCode()).as(set.err()).isZero();
        UpdateCohortRequest sent = cohorts.sent.getFirst();
        assertThat(sent.getCohort().getName()).isEqualTo("cohorts/beta");
        assertThat(sent.getCohort().getEtag()).isEqualTo("7");
        assertThat(sent.getCohort().getIncludeList())
                .containsExactly(
                        StringMatcher.newBuilder().setPrefix("qa-").build(),
                        StringMatcher.newBuilder().setExact("bob").build(),
                        StringMatcher.newBuilder().setPrefix("vip-").build());
        assertThat(sent.getCohort().getExcludeList())
                .containsExactly(StringMatcher.newBuilder().setExact("eve").build());
        assertThat(sent.getUpdateMask().getPathsList()).containsExactly("include", "exclude");
        assertThat(sent.getAllowMoves()).isTrue();
        assertThat(sent.getReason()).isEqualTo("they asked");
    }

    @Test
    void a_key_that_is_not_there_is_not_taken_out() {
        CommandRun.Result set = cli.run("cohort", "set", "beta", "--remove", "nobody");

        assertThat(set.exitCode()).isEqualTo(2);
        assertThat(set.err()).contains("--remove", "'nobody'");
        assertThat(cohorts.sent).isEmpty();
    }

    @Test
    void a_key_is_tested() {
        CommandRun.Result in = cli.run("cohort", "test", "beta", "alice");
        CommandRun.Result out = cli.run("cohort", "test", "beta", "--method", "PUT");

        assertThat(in.out()).contains("in: include[0] has the key");
        assertThat(out.out()).contains("not in: there is no key PUT");
    }

    @Test
    void cohorts_are_listed_with_the_gates_that_use_them() {
        CommandRun.Result listed = cli.run("cohort", "list");

        assertThat(listed.out().lines().toList().get(1)).matches("beta +2 +0 +- +orders *");
    }

    private static final class OneCohort extends CohortServiceImplBase {
        private static final Cohort BETA =
                Cohort.newBuilder()
                        .setName("cohorts/beta")
                        .setEtag("7")
                        .addInclude(StringMatcher.newBuilder().setExact("alice"))
                        .addInclude(StringMatcher.newBuilder().setPrefix("qa-"))
                        .addGates("gates/orders")
                        .build();

        private final List<UpdateCohortRequest> sent = new ArrayList<>();

        @Override
        public void getCohort(GetCohortRequest request, StreamObserver<Cohort> observer) {
            observer.onNext(BETA);
            observer.onCompleted();
        }

        @Override
        public void listCohorts(
                ListCohortsRequest request, StreamObserver<ListCohortsResponse> observer) {
            observer.onNext(ListCohortsResponse.newBuilder().addCohorts(BETA).build());
            observer.onCompleted();
        }

        @Override
        public void updateCohort(UpdateCohortRequest request, StreamObserver<Cohort> observer) {
            sent.add(request);
            observer.onNext(request.getCohort());
            observer.onCompleted();
        }

        @Override
        public void testCohort(
                TestCohortRequest request, StreamObserver<TestCohortResponse> observer) {
            observer.onNext(
                    request.hasKey()
                            ? TestCohortResponse.newBuilder()
                                    .setMember(true)
                                    .setExplanation("include[0] has the key")
                                    .build()
                            : TestCohortResponse.newBuilder()
                                    .setExplanation("there is no key " + request.getMethod())
                                    .build());
            observer.onCompleted();
        }
    }
}
