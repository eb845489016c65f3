package dev.sluice.control.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.contract.SinkName;
import dev.sluice.control.catalog.Sink;
import dev.sluice.control.change.Command;
import dev.sluice.control.change.CommandContext;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.Refusal;
import dev.sluice.control.change.spec.Description;
import dev.sluice.control.change.spec.SinkSpec;
import dev.sluice.control.change.spec.SinkSpec.Destination;
import dev.sluice.control.change.spec.SinkSpec.Login;
import dev.sluice.control.change.spec.SinkSpec.Mode;
import dev.sluice.control.change.spec.SinkSpec.Security;
import dev.sluice.control.change.spec.SinkSpec.Selector;
import dev.sluice.control.change.spec.SinkSpec.Severity;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SinkRulesTest {
    private static final SinkName NAME = new SinkName("hook");
    private static final Selector ALL = new Selector(List.of(), List.of(), Severity.INFO);

    private final World world = World.shop(0);

    @Test
    void a_new_one_is_told_of_what_comes_after_it_and_a_changed_one_goes_on() {
        world.accept(new Command.CreateSink(webhook("hook", "https://a.example.com")));
        long created = world.catalog().seq();
        assertThat(sink().through()).isEqualTo(created);

        world.accept(new Command.AdvanceSink(NAME, created));
        assertThat(sink().through()).as("nothing new").isEqualTo(created);
        world.accept(new Command.CreateSink(webhook("other", "https://b.example.com")));
        world.accept(new Command.AdvanceSink(NAME, created + 1));
        String etag = sink().meta().etag();
        world.accept(new Command.DropFromSink(NAME, created + 2, "answered 400"));

        assertThat(sink().through()).isEqualTo(created + 2);
        assertThat(sink().dropped()).isEqualTo(1);
        assertThat(sink().meta().etag()).as("its content is the same").isEqualTo(etag);
        world.accept(new Command.UpdateSink(webhook("hook", "https://c.example.com")));
        assertThat(sink().through()).isEqualTo(created + 2);
        assertThat(sink().dropped()).isEqualTo(1);
    }

    @Test
    void its_place_never_goes_back_nor_beyond_the_log_and_needs_a_sink() {
        world.accept(new Command.CreateSink(webhook("hook", "https://a.example.com")));
        long end = world.catalog().seq();

        assertThat(world.accept(new Command.AdvanceSink(NAME, end - 1))).isEmpty();
        assertThat(world.accept(new Command.DropFromSink(NAME, end, "why"))).isEmpty();
        assertThat(world.accept(new Command.AdvanceSink(NAME, end + 1))).isEmpty();
        assertThat(world.accept(new Command.AdvanceSink(new SinkName("none"), end))).isEmpty();
        assertThat(world.accept(new Command.DropFromSink(new SinkName("none"), end, "why")))
                .isEmpty();
    }

    @Test
    void sinks_are_changed_like_all_else() {
        SinkSpec spec = webhook("hook", "https://a.example.com");
        world.accept(new Command.CreateSink(spec));

        assertThat(kinds(new Command.CreateSink(spec)))
                .containsExactly(Refusal.Kind.ALREADY_EXISTS);
        assertThat(world.accept(new Command.UpdateSink(spec))).as("the same").isEmpty();
        assertThat(world.refuse(new Command.UpdateSink(spec), Fixtures.admin().withEtag("old")))
                .extracting(Refusal::kind)
                .containsExactly(Refusal.Kind.ABORTED);
        assertThat(kinds(new Command.UpdateSink(webhook("none", "https://a.example.com"))))
                .containsExactly(Refusal.Kind.NOT_FOUND);
        assertThat(kinds(new Command.DeleteSink(new SinkName("none"))))
                .containsExactly(Refusal.Kind.NOT_FOUND);
        world.accept(new Command.DeleteSink(NAME));
        assertThat(world.catalog().find("sinks/hook")).isEmpty();
        for (int i = 0; i < 50; i++) {
            world.accept(new Command.CreateSink(webhook("s" + i, "https://a.example.com")));
        }
        assertThat(world.refuse(new Command.CreateSink(spec)))
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.problem().got()).isEqualTo("50 sinks"));
    }

    @Test
    void every_problem_of_a_sink_is_told() {
        assertThat(
                        paths(
                                new SinkSpec(
                                        NAME,
                                        Description.NONE,
                                        new Destination.Webhook(
                                                "",
                                                Mode.BINARY,
                                                Optional.of("../etc/passwd"),
                                                Optional.of("UPPER")),
                                        new Selector(
                                                Collections.nCopies(65, ""),
                                                List.of(),
                                                Severity.INFO))))
                .startsWith("selector.subjects")
                .endsWith("webhook.url", "webhook.signing_secret", "webhook.bearer_secret");
        assertThat(paths(sink("hook", new Destination.Slack(""))))
                .containsExactly("slack.url_secret");
        assertThat(
                        paths(
                                sink(
                                        "hook",
                                        new Destination.Mail(
                                                "",
                                                0,
                                                Security.NONE,
                                                "",
                                                List.of(),
                                                Optional.of(new Login("", "no secret"))))))
                .containsExactly(
                        "mail.host",
                        "mail.port",
                        "mail.to",
                        "mail.from",
                        "mail.user",
                        "mail.password_secret",
                        "mail.security");
        world.accept(
                new Command.CreateSink(
                        sink(
                                "mail",
                                new Destination.Mail(
                                        "mail.example.com",
                                        587,
                                        Security.STARTTLS,
                                        "a@example.com",
                                        List.of("b@example.com"),
                                        Optional.of(new Login("a", "mail-password"))))));
    }

    private Sink sink() {
        return world.catalog().sink(NAME).orElseThrow();
    }

    private List<Refusal.Kind> kinds(Command command) {
        CommandContext context = Fixtures.admin();
        return world.refuse(command, context).stream().map(Refusal::kind).toList();
    }

    private List<String> paths(SinkSpec spec) {
        return world.refuse(new Command.CreateSink(spec)).stream()
                .map(refusal -> refusal.problem().path())
                .toList();
    }

    private static SinkSpec webhook(String id, String url) {
        return sink(
                id,
                new Destination.Webhook(
                        url, Mode.STRUCTURED, Optional.empty(), Optional.of("token")));
    }

    private static SinkSpec sink(String id, Destination destination) {
        return new SinkSpec(new SinkName(id), Description.NONE, destination, ALL);
    }
}
