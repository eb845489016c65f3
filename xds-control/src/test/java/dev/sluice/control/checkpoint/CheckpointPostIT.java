package dev.sluice.control.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.control.audit.Checkpoint;
import dev.sluice.control.change.Digest;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.notify.HookServer;
import dev.sluice.control.outward.Secrets;
import dev.sluice.control.outward.Trust;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointPostIT {
    private static final Secrets SECRETS =
            new Secrets(Optional.empty(), Map.of("SLUICE_SECRET_CHECKPOINT", "a-token"));

    @TempDir private Path folder;
    private Checkpoint checkpoint;

    @BeforeEach
    void sign() throws Exception {
        SigningKeys.generate(folder.resolve("key"), folder.resolve("key.pub"));
        checkpoint =
                Checkpoint.sign(
                        new Head(5, Digest.of("event 5")),
                        Fixtures.START,
                        SigningKeys.readPrivate(folder.resolve("key")));
    }

    @Test
    void a_checkpoint_is_posted_as_its_line_with_the_token() throws Exception {
        try (var hook = new HookServer(201);
                var post = post(hook, SECRETS)) {
            post.put(checkpoint);

            HookServer.Got got = hook.got().next();
            assertThat(got.path()).isEqualTo("/in/secret-path");
            assertThat(got.body()).isEqualTo(checkpoint.line() + "\n");
            assertThat(got.headers().getFirst("Content-Type")).startsWith("text/plain");
            assertThat(got.headers().getFirst("Authorization")).isEqualTo("Bearer a-token");
        }
    }

    @Test
    void without_a_secret_no_token_is_shown() throws Exception {
        try (var hook = new HookServer(200);
                var post = post(hook, Secrets.NONE)) {
            post.put(checkpoint);

            assertThat(hook.got().next().headers()).doesNotContainKey("Authorization");
        }
    }

    @Test
    void what_is_no_receipt_is_told_without_the_path() throws Exception {
        try (var hook = new HookServer(302);
                var post = post(hook, Secrets.NONE)) {
            assertThatThrownBy(() -> post.put(checkpoint))
                    .isInstanceOf(IOException.class)
                    .hasMessage(hook.origin() + " answered 302");
            hook.answer(503);
            assertThatThrownBy(() -> post.put(checkpoint))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("answered 503")
                    .hasMessageNotContaining("secret-path");
        }
    }

    @Test
    void nobody_there_is_told() throws Exception {
        CheckpointPost nobody;
        try (var hook = new HookServer(200)) {
            nobody = post(hook, Secrets.NONE);
        }
        try (nobody) {
            assertThatThrownBy(() -> nobody.put(checkpoint))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("http://127.0.0.1:");
        }
    }

    private static CheckpointPost post(HookServer hook, Secrets secrets) {
        return new CheckpointPost(
                URI.create(hook.origin() + "/in/secret-path"), secrets, Trust.ofSystem());
    }
}
