package dev.sluice.control.cli.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.ConnectException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EndingTest {
    @Test
    void a_connection_that_fails_is_told_with_what_broke_it() {
        assertThat(lines(new IOException("no way", new ConnectException("Connection refused"))))
                .singleElement()
                .asString()
                .contains(
                        "io exception: Connection refused",
                        "expected an answer",
                        "start one with `sluice control`");
    }

    private static List<String> lines(@Nullable Throwable cause) {
        Status status = Status.UNAVAILABLE.withDescription("io exception").withCause(cause);
        Target target = new Target("127.0.0.1", 1, new Target.Proof.None(), Optional.empty());
        return Ending.of(new StatusRuntimeException(status), target).lines();
    }

    @Test
    void without_a_cause_it_says_what_it_was_told() {
        assertThat(lines(null)).singleElement().asString().contains("io exception (expected");
    }
}
