package dev.sluice.control.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import dev.sluice.admin.v1.GetSinkRequest;
import dev.sluice.admin.v1.Severity;
import dev.sluice.admin.v1.Sink;
import dev.sluice.admin.v1.SinkServiceGrpc.SinkServiceImplBase;
import dev.sluice.admin.v1.TestSinkRequest;
import dev.sluice.admin.v1.TestSinkResponse;
import dev.sluice.control.cli.CommandRun;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SinkCommandsTest {
    private CommandRun cli;

    @BeforeEach
    void start() throws IOException {
        cli = new CommandRun(new TwoSinks());
    }

    @AfterEach
    void stop() {
        cli.close();
    }

    @Test
    void a_test_says_what_became_of_it() {
        CommandRun.Result tested = cli.run("sink", "test", "alive");

        assertThat(tested.exitCode()).as(tested.err()).isZero();
        assertThat(tested.out()).isEqualTo("delivered: it answered (42 ms, test-1)\n");
    }

    @Test
    void one_that_did_not_arrive_is_a_failure() {
        CommandRun.Result tested = cli.run("notification", "test", "dead");

        assertThat(tested.exitCode()).isEqualTo(1);
        assertThat(tested.out()).startsWith("not delivered: ");
    }

    @Test
    void a_test_is_shown_as_it_is_asked_for() {
        CommandRun.Result json = cli.run("sink", "test", "alive", "-o", "json");
        CommandRun.Result yaml = cli.run("sink", "test", "alive", "-o", "yaml");

        assertThat(json.out()).contains("\"delivered\": true", "\"event_id\": \"test-1\"");
        assertThat(yaml.out()).contains("delivered: true");
    }

    @Test
    void a_sink_is_shown_with_how_it_stands() {
        CommandRun.Result shown = cli.run("sink", "get", "dead");

        assertThat(shown.exitCode()).as(shown.err()).isZero();
        assertThat(shown.out()).contains("slack: secret chat", "CRITICAL", "17", "it answered 503");
    }

    private static final class TwoSinks extends SinkServiceImplBase {
        @Override
        public void getSink(GetSinkRequest request, StreamObserver<Sink> observer) {
            observer.onNext(
                    Sink.newBuilder()
                            .setName(request.getName())
                            .setSlack(Sink.Slack.newBuilder().setUrlSecret("chat"))
                            .setSelector(Sink.Selector.newBuilder().setSeverity(Severity.CRITICAL))
                            .setStatus(
                                    Sink.Status.newBuilder()
                                            .setSent(17)
                                            .setLastFailure("it answered 503"))
                            .build());
            observer.onCompleted();
        }

        @Override
        public void testSink(TestSinkRequest request, StreamObserver<TestSinkResponse> observer) {
            observer.onNext(
                    TestSinkResponse.newBuilder()
                            .setDelivered(request.getName().equals("sinks/alive"))
                            .setDetail("it answered")
                            .setEventId("test-1")
                            .setLatency(Duration.newBuilder().setNanos(42_000_000))
                            .build());
            observer.onCompleted();
        }
    }
}
