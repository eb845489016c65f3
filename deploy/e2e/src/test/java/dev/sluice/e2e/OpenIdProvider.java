package dev.sluice.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/**
 * A real OpenID provider, found as its users find it: by its discovery document. Each start signs
 * by a new key and publishes those before as well. Owned by the test's thread.
 */
final class OpenIdProvider implements AutoCloseable {
    /** How a token is that is asked for. */
    enum Kind {
        GOOD,
        /** It ended an hour ago. */
        ENDED
    }

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path keys;
    private final int port;
    private Spawned process;

    private OpenIdProvider(Path keys, int port) throws IOException {
        this.keys = keys;
        this.port = port;
        this.process = spawn();
    }

    /** Starts one that keeps its keys in a folder. */
    static OpenIdProvider start(Path folder) throws IOException {
        return new OpenIdProvider(folder.resolve("provider-keys.pem"), Spawned.freePort());
    }

    String issuer() {
        return "http://127.0.0.1:" + port;
    }

    /** A member of its discovery document (OpenID Connect Discovery 1.0, section 3). */
    String discovered(String member) throws IOException, InterruptedException {
        return asked(
                        HttpRequest.newBuilder(
                                        URI.create(issuer() + "/.well-known/openid-configuration"))
                                .build())
                .getFieldsOrThrow(member)
                .getStringValue();
    }

    /** An access token of a client for an audience. */
    String token(String client, String audience, Kind kind)
            throws IOException, InterruptedException {
        String basic = Base64.getEncoder().encodeToString((client + ":secret").getBytes(UTF_8));
        String scope = "aud:" + audience + (kind == Kind.ENDED ? " ended" : "");
        String form = "grant_type=client_credentials&scope=" + URLEncoder.encode(scope, UTF_8);
        return asked(
                        HttpRequest.newBuilder(URI.create(discovered("token_endpoint")))
                                .header("Authorization", "Basic " + basic)
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(BodyPublishers.ofString(form))
                                .build())
                .getFieldsOrThrow("access_token")
                .getStringValue();
    }

    /** Ends; the keys stay. */
    void stop() {
        List<String> unused = process.finish();
    }

    /** Starts again at the same address, with a new key beside the old ones. */
    void startAgain() throws IOException {
        process = spawn();
    }

    private Spawned spawn() throws IOException {
        Spawned started =
                Peer.named("openid-provider")
                        .start(
                                "openid provider ready",
                                List.of(Integer.toString(port), keys.toString()));
        String unused = started.awaitReady();
        return started;
    }

    private Struct asked(HttpRequest request) throws IOException, InterruptedException {
        String answer = http.send(request, BodyHandlers.ofString()).body();
        Struct.Builder read = Struct.newBuilder();
        JsonFormat.parser().merge(answer, read);
        if (read.containsFields("error")) {
            throw new IOException("the provider answered " + answer);
        }
        return read.build();
    }

    @Override
    public void close() {
        process.close();
        http.close();
    }
}
