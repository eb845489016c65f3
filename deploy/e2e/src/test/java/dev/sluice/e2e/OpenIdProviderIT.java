package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.admin.v1.Event;
import dev.sluice.admin.v1.EventFilter;
import dev.sluice.admin.v1.EventServiceGrpc;
import dev.sluice.admin.v1.ListEventsRequest;
import dev.sluice.demo.stage.AdminApi;
import dev.sluice.e2e.OpenIdProvider.Kind;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A control plane lets in whom a real OpenID provider vouches for, with the roles that a claim of
 * its tokens gives, and nobody else.
 */
@Tag("interop")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenIdProviderIT {
    private static final String AUDIENCE = "urn:sluice";
    private static final String USERS =
            """
            users: []
            issuers:
            - name: corp
              issuer: %s
              audiences: [%s]
              jwks_uri: %s
              grants:
              - {claim: roles, value: sluice-operator, roles: [operator]}
              - {claim: roles, value: sluice-viewer, roles: [viewer]}
            """;

    private final Running running = new Running();
    private OpenIdProvider provider;
    private Site site;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        provider = running.keep(OpenIdProvider.start(folder));
        assertThat(provider.discovered("issuer")).isEqualTo(provider.issuer());
        Path users =
                Files.writeString(
                        folder.resolve("users.yaml"),
                        USERS.formatted(
                                provider.discovered("issuer"),
                                AUDIENCE,
                                provider.discovered("jwks_uri")));
        site = running.keep(Site.open(folder, "--users", users.toString()));
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void a_claim_gives_the_roles_and_the_log_has_the_name() throws Exception {
        Shop deployer = shop(provider.token("deployer", AUDIENCE, Kind.GOOD));
        deployer.setShare(10);

        assertThat(deployer.gate().getSharePpm()).isEqualTo(100_000);
        assertThat(events(deployer, "corp:deployer"))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.getAuthMethod()).isEqualTo("OIDC"));

        Shop reader = shop(provider.token("reader", AUDIENCE, Kind.GOOD));
        assertThat(reader.gate().getName()).isEqualTo(Shop.GATE);
        assertRefused(Status.Code.PERMISSION_DENIED, () -> reader.setShare(20));
    }

    @Test
    void whom_no_claim_fits_another_audience_and_an_ended_token_are_refused() throws Exception {
        Shop stranger = shop(provider.token("stranger", AUDIENCE, Kind.GOOD));
        Shop elsewhere = shop(provider.token("deployer", "urn:another", Kind.GOOD));
        Shop ended = shop(provider.token("deployer", AUDIENCE, Kind.ENDED));

        for (Shop refused : List.of(stranger, elsewhere, ended)) {
            assertRefused(Status.Code.UNAUTHENTICATED, refused::gate);
        }
        String token = provider.token("deployer", AUDIENCE, Kind.GOOD);
        String other = token.substring(0, token.lastIndexOf('.') + 1) + "AAAA";
        assertRefused(Status.Code.UNAUTHENTICATED, shop(other)::gate);
    }

    @Test
    void keys_that_rotate_and_a_provider_that_is_away_shut_nobody_out() throws Exception {
        Shop before = shop(provider.token("deployer", AUDIENCE, Kind.GOOD));
        assertThat(before.gate().getName()).isEqualTo(Shop.GATE);

        provider.stop();
        assertThat(before.gate().getName()).as("while it is away").isEqualTo(Shop.GATE);
        provider.startAgain();
        Shop after = shop(provider.token("deployer", AUDIENCE, Kind.GOOD));

        assertThat(after.gate().getName()).as("by the new key").isEqualTo(Shop.GATE);
        assertThat(before.gate().getName()).as("by the old key").isEqualTo(Shop.GATE);
    }

    /** The shop as who shows a token sees it. */
    private Shop shop(String token) {
        String admin = site.admin();
        int port = Integer.parseInt(admin.substring(admin.lastIndexOf(':') + 1));
        return running.keep(new Shop(AdminApi.with(port, token)));
    }

    private static List<Event> events(Shop shop, String actor) {
        return EventServiceGrpc.newBlockingStub(shop.api().channel())
                .listEvents(
                        ListEventsRequest.newBuilder()
                                .setFilter(EventFilter.newBuilder().setActor(actor))
                                .build())
                .getEventsList();
    }

    private static void assertRefused(Status.Code code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refusal -> assertThat(refusal.getStatus().getCode()).isEqualTo(code));
    }
}
