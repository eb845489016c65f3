package dev.sluice.e2e.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.grpc.GrpcClient;
import dev.sluice.testkit.grpc.GrpcClient.Result;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row A7: the files of gRPC, under calls of one message each whose answers are known. */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcRowsIT {
    private static final Metadata.Key<String> USER =
            Metadata.Key.of("x-user", Metadata.ASCII_STRING_MARSHALLER);
    private static final String METHOD = "shop.Orders/Read";
    private static final int PER_SECOND = 50;
    private static final int USERS = 500;
    private static final int SMALL = 5;
    private static final int LEAST = 100;
    private static final Duration LATE = Duration.ofSeconds(2);

    /** A call and the time that it took. */
    private record Timed(Result result, Duration took) {
        Status status() {
            return result.status();
        }
    }

    private Laboratory laboratory;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        laboratory = Laboratory.open(folder, Doors.grpc());
    }

    @AfterAll
    void stop() {
        laboratory.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a7-grpc-unavailable", "a7-goaway", "a7-reset-stream"})
    void callers_see_nothing(String file) throws Exception {
        List<Timed> calls = calls(file);

        assertThat(calls).as("calls").hasSizeGreaterThan(LEAST);
        assertThat(calls.stream().filter(call -> !call.status().isOk()).toList())
                .as("calls that failed, of %d", calls.size())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a7-missing-trailers", "a7-cut-answer"})
    void a_call_that_does_not_end_well_fails_once(String file) throws Exception {
        List<Timed> calls = calls(file);

        long failed = calls.stream().filter(call -> !call.status().isOk()).count();
        assertThat(failed).as("failed calls of %d", calls.size()).isEqualTo(laboratory.injected());
    }

    @Test
    void a_call_whose_trailers_are_late_waits_for_them() throws Exception {
        List<Timed> calls = calls("a7-slow-trailers");

        assertThat(calls.stream().filter(call -> !call.status().isOk()).toList())
                .as("calls that failed, of %d", calls.size())
                .isEmpty();
        assertThat(calls.stream().filter(call -> call.took().compareTo(LATE) >= 0).count())
                .as("calls that waited for their trailers, of %d", calls.size())
                .isGreaterThanOrEqualTo(laboratory.injected());
    }

    /** What callers get while a file is run; a good answer is what was said. */
    private List<Timed> calls(String file) throws Exception {
        int seconds = Runs.seconds(file, SMALL);
        List<Future<Timed>> calls = new ArrayList<>();
        try (GrpcClient client = GrpcClient.connect(laboratory.edgePort());
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
                Command run =
                        Command.start(
                                laboratory.folder(),
                                Runs.of(
                                        laboratory,
                                        file,
                                        seconds,
                                        "caller=" + laboratory.edge() + METHOD))) {
            for (int i = 0; run.handle().isAlive(); i++) {
                String user = "user-" + i % USERS;
                calls.add(callers.submit(() -> call(client, user)));
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) / PER_SECOND);
            }
            List<Timed> results = new ArrayList<>();
            for (Future<Timed> call : calls) {
                results.add(call.get());
            }
            assertThat(run.exitCode()).as("%s", run.said()).isZero();
            return results;
        }
    }

    private static Timed call(GrpcClient client, String user) {
        Metadata metadata = new Metadata();
        metadata.put(USER, user);
        byte[] said = ("from " + user).getBytes(StandardCharsets.UTF_8);
        long began = System.nanoTime();
        Result result = client.call(METHOD, metadata, said);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        if (result.status().isOk()) {
            assertThat(result.messages()).as("answers to %s", user).containsExactly(said);
        }
        return new Timed(result, took);
    }
}
