package dev.sluice.control.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.sluice.admin.v1.GetWindowRequest;
import dev.sluice.admin.v1.PreviewWindowRequest;
import dev.sluice.admin.v1.PreviewWindowResponse;
import dev.sluice.admin.v1.Window;
import dev.sluice.admin.v1.WindowServiceGrpc.WindowServiceImplBase;
import dev.sluice.control.cli.CommandRun;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WindowCommandsTest {
    private CommandRun cli;

    @BeforeEach
    void start() throws IOException {
        cli = new CommandRun(new OneWindow());
    }

    @AfterEach
    void stop() {
        cli.close();
    }

    @Test
    void the_next_openings_are_shown() {
        CommandRun.Result shown = cli.run("window", "preview", "nights", "--count", "3");

        assertThat(shown.exitCode()).as(shown.err()).isZero();
        assertThat(shown.out()).contains("FROM", "1970-01-01T00:00:03Z", "1970-01-01T00:00:09Z");
    }

    @Test
    void a_window_is_shown_with_its_rule() {
        CommandRun.Result shown = cli.run("window", "get", "nights");

        assertThat(shown.exitCode()).as(shown.err()).isZero();
        assertThat(shown.out()).contains("FREEZE", "2026-11-02T22:00 UTC", "FREQ=DAILY");
    }

    private static final class OneWindow extends WindowServiceImplBase {
        @Override
        public void getWindow(GetWindowRequest request, StreamObserver<Window> observer) {
            observer.onNext(
                    Window.newBuilder()
                            .setName(request.getName())
                            .setKind(Window.Kind.FREEZE)
                            .setStart("2026-11-02T22:00")
                            .setTimeZone("UTC")
                            .setRecurrence("FREQ=DAILY")
                            .build());
            observer.onCompleted();
        }

        /** Starts at as many seconds as were asked for. */
        @Override
        public void previewWindow(
                PreviewWindowRequest request, StreamObserver<PreviewWindowResponse> observer) {
            var answer = PreviewWindowResponse.newBuilder();
            answer.addOpeningsBuilder()
                    .setStart(Timestamp.newBuilder().setSeconds(request.getCount()))
                    .setEnd(Timestamp.newBuilder().setSeconds(9));
            observer.onNext(answer.build());
            observer.onCompleted();
        }
    }
}
