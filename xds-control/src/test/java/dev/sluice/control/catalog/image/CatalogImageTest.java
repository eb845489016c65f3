package dev.sluice.control.catalog.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.sluice.contract.GateName;
import dev.sluice.contract.SinkName;
import dev.sluice.contract.gate.GateParser;
import dev.sluice.contract.gate.GateRevision;
import dev.sluice.contract.gate.GateWriter;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.GateState;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.Event.GatesRevised.Action;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Stamp;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.GateSpec;
import dev.sluice.control.change.spec.RouteSpec;
import dev.sluice.control.change.spec.SinkSpec;
import dev.sluice.testkit.Seeds;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CatalogImageTest {
    private static final int REVISIONS = 200;

    @Test
    void an_image_is_of_the_same_state() {
        Catalog catalog = shop();

        assertThat(CatalogImage.read(CatalogImage.write(catalog))).isEqualTo(catalog);
        assertThat(CatalogImage.read(CatalogImage.write(Catalog.EMPTY))).isEqualTo(Catalog.EMPTY);
    }

    @Test
    void events_go_on_from_an_image_as_from_the_state() {
        Catalog catalog = shop();
        Catalog read = CatalogImage.read(CatalogImage.write(catalog));

        assertThat(revised(read, REVISIONS + 1, "later"))
                .isEqualTo(revised(catalog, REVISIONS + 1, "later"));
    }

    /** Each answered request remembers the whole gate; together they hold it about once. */
    @Test
    void what_states_of_one_gate_share_is_in_an_image_once() {
        Catalog catalog = shop();

        Catalog read = CatalogImage.read(CatalogImage.write(catalog));

        GateRevision first = new GateRevision(1, 1);
        GateState now = read.gate(new GateName("orders")).orElseThrow();
        GateState before =
                (GateState)
                        read.answered()
                                .find("request-150", Fixtures.START)
                                .orElseThrow()
                                .resource()
                                .orElseThrow();
        assertThat(before.revisions().size()).isLessThan(now.revisions().size());
        assertThat(before.revision(first).orElseThrow())
                .isSameAs(now.revision(first).orElseThrow());
        assertThat(CatalogImage.write(catalog).size())
                .as("bytes of %d revisions", REVISIONS)
                .isLessThan(REVISIONS * 1_000);
    }

    @Test
    void damaged_bytes_are_refused_or_another_state_and_nothing_worse() {
        RandomGenerator random = Seeds.printed("damaged images").generator();
        ByteString image = CatalogImage.write(shop());

        for (int round = 0; round < 300; round++) {
            byte[] damaged = image.toByteArray();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
            try {
                CatalogImage.read(ByteString.copyFrom(damaged));
            } catch (IllegalArgumentException refused) {
                assertThat(refused).hasMessageNotContaining("OutOfMemory");
            }
        }
        assertThatThrownBy(() -> CatalogImage.read(image.substring(0, image.size() / 2)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CatalogImage.read(ByteString.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Catalog shop() {
        Catalog catalog = Catalog.EMPTY;
        for (Event event :
                List.of(
                        new Event.ServicePut(Fixtures.service("orders")),
                        new Event.VersionPut(Fixtures.version("orders", "v1")),
                        new Event.VersionPut(Fixtures.version("orders", "v2")),
                        new Event.RoutePut(Fixtures.routeToGate("orders", "all", "orders")),
                        new Event.RoutePut(
                                Fixtures.route(
                                        "orders",
                                        "old",
                                        new RouteSpec.Target.ToVersion(
                                                Fixtures.versionName("orders", "v1")))),
                        new Event.DatabasePut(Fixtures.database("shop", 1, 50, 0)),
                        new Event.CohortPut(Fixtures.cohort("beta", "alice", "qa-*")),
                        new Event.SinkPut(
                                new SinkSpec(
                                        new SinkName("mail"),
                                        Description.NONE,
                                        new SinkSpec.Destination.Mail(
                                                "mail.example.com",
                                                587,
                                                SinkSpec.Security.STARTTLS,
                                                "sluice@example.com",
                                                List.of("ada@example.com"),
                                                Optional.of(new SinkSpec.Login("sluice", "key"))),
                                        new SinkSpec.Selector(
                                                List.of("gates/*"),
                                                List.of("ramp.*"),
                                                SinkSpec.Severity.WARNING))))) {
            catalog = applied(catalog, event, "");
        }
        for (int number = 1; number <= REVISIONS; number++) {
            catalog = revised(catalog, number, "request-" + number);
        }
        return catalog;
    }

    private static Catalog revised(Catalog catalog, int number, String request) {
        GateSpec spec = Fixtures.gate("orders", "orders", number);
        GateSpec next =
                new GateSpec(
                        GateParser.parse(
                                        GateWriter.write(spec.content()).toBuilder()
                                                .setRevision(
                                                        GateWriter.revision(
                                                                new GateRevision(1, number)))
                                                .build())
                                .orThrow(),
                        spec.description());
        return applied(
                catalog,
                new Event.GatesRevised(
                        number == 1 ? Action.CREATED : Action.SHARE_SET, List.of(next)),
                request);
    }

    private static Catalog applied(Catalog catalog, Event event, String request) {
        Stamp stamp =
                new Stamp(
                        Fixtures.START,
                        Fixtures.ADMIN,
                        Optional.of(request).filter(id -> !id.isEmpty()),
                        "0123456789abcdef",
                        "gates/orders",
                        "because");
        return catalog.apply(HashChain.link(catalog.head(), 1, stamp, event));
    }
}
