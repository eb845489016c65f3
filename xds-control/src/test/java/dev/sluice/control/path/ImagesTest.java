package dev.sluice.control.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.sluice.contract.GateName;
import dev.sluice.contract.Problem;
import dev.sluice.control.audit.HashChain;
import dev.sluice.control.catalog.Catalog;
import dev.sluice.control.catalog.image.CatalogImage;
import dev.sluice.control.change.Event;
import dev.sluice.control.change.EventReader;
import dev.sluice.control.change.EventStore.Head;
import dev.sluice.control.change.Fixtures;
import dev.sluice.control.change.ImageStore;
import dev.sluice.control.change.LoggedEvent;
import dev.sluice.control.change.MemoryEventStore;
import dev.sluice.control.change.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ImagesTest {
    private static final String FORM = "this program";

    private final MemoryEventStore log = new MemoryEventStore();
    private final Kept kept = new Kept();
    private final Images images = new Images(kept, FORM);
    private final List<Head> checked = new ArrayList<>();
    private boolean leads = true;
    private Optional<Problem> damage = Optional.empty();

    @Test
    void a_start_begins_at_the_newest_image() {
        append(5);
        Catalog state = state();
        kept.keep(new ImageStore.Image(state.head(), FORM, CatalogImage.write(state)));
        append(3);

        assertThat(images.newest(log)).isEqualTo(state);
        assertThat(new WrittenLog(log).after(images.newest(log))).isEqualTo(state());
    }

    @Test
    void without_an_image_a_start_begins_at_nothing() {
        append(2);

        assertThat(images.newest(log)).isEqualTo(Catalog.EMPTY);
    }

    @Test
    void an_image_of_other_events_is_left_alone() {
        append(5);
        Catalog state = state();
        Head other = new Head(4, state.head().hash());
        kept.keep(new ImageStore.Image(other, FORM, CatalogImage.write(state)));
        assertThat(images.newest(log))
                .as("another event than the log has")
                .isEqualTo(Catalog.EMPTY);

        Head fourth = new Head(4, log.log().get(3).hash());
        kept.keep(new ImageStore.Image(fourth, FORM, CatalogImage.write(state)));
        assertThat(images.newest(log)).as("the state of another place").isEqualTo(Catalog.EMPTY);

        kept.keep(new ImageStore.Image(state.head(), FORM, ByteString.copyFromUtf8("no image")));
        assertThat(images.newest(log)).as("no image at all").isEqualTo(Catalog.EMPTY);
    }

    @Test
    void a_log_that_ends_before_its_image_was_cut_short_and_is_refused() {
        append(5);
        Catalog state = state();
        kept.keep(new ImageStore.Image(state.head(), FORM, CatalogImage.write(state)));
        MemoryEventStore cut = new MemoryEventStore();
        cut.append(log.log().subList(0, 3));

        assertThatThrownBy(() -> images.newest(cut))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("event 5, of which there is an image")
                .hasMessageContaining("last good event, 3")
                .hasMessageContaining("sluice store restore FILE");
    }

    @Test
    void an_image_is_taken_when_enough_has_happened_by_the_one_that_leads() {
        CatalogFeed feed = new CatalogFeed(images.newest(log));
        follow(feed, Catalog.EMPTY);
        Catalog before = append(9_999);
        feed.publish(before);
        assertThat(kept.newest(FORM)).as("too few events").isEmpty();

        leads = false;
        feed.publish(append(1));
        assertThat(kept.newest(FORM)).as("of a follower").isEmpty();

        leads = true;
        feed.publish(append(1));
        assertThat(images.newest(log)).isEqualTo(state());
        feed.publish(append(1));
        assertThat(kept.count).as("one image for many events").isEqualTo(1);
    }

    @Test
    void an_image_that_cannot_be_kept_is_tried_again_when_it_is_due_again() {
        CatalogFeed feed = new CatalogFeed(Catalog.EMPTY);
        follow(feed, Catalog.EMPTY);
        kept.fails = true;
        feed.publish(append(10_000));
        kept.fails = false;
        feed.publish(append(1));
        assertThat(kept.newest(FORM)).isEmpty();

        feed.publish(append(10_000));
        assertThat(kept.newest(FORM)).isPresent();
    }

    @Test
    void what_a_start_did_not_read_is_checked_after_it() {
        Catalog read = append(3);
        follow(new CatalogFeed(read), read);
        assertThat(checked).containsExactly(read.head());

        follow(new CatalogFeed(read), Catalog.EMPTY);
        assertThat(checked).as("when it read all").hasSize(1);
    }

    @Test
    void damage_before_what_a_start_read_is_told() {
        Catalog read = append(3);
        Problem broken = new Problem("log", "event 2", "another", "restore a backup");
        follow(new CatalogFeed(read), read);
        assertThat(images.damage()).isEmpty();

        damage = Optional.of(broken);
        follow(new CatalogFeed(read), read);
        assertThat(images.damage()).contains(broken);
    }

    private void follow(CatalogFeed feed, Catalog start) {
        images.follow(feed, new Past(), start.head(), Runnable::run, () -> leads);
    }

    private Catalog append(int count) {
        List<LoggedEvent> batch = new ArrayList<>();
        Head at = log.head();
        for (int i = 0; i < count; i++) {
            LoggedEvent event =
                    HashChain.link(
                            at,
                            log.epoch(),
                            Fixtures.STAMP,
                            new Event.GateDeleted(new GateName("g" + i)));
            batch.add(event);
            at = new Head(event.seq(), event.hash());
        }
        log.append(batch);
        return state();
    }

    private Catalog state() {
        return Catalog.EMPTY.applyAll(log.log());
    }

    private final class Past implements EventReader {
        @Override
        public List<LoggedEvent> read(long firstSeq, int limit) {
            return log.read(firstSeq, limit);
        }

        @Override
        public void verify(Head upTo) {
            checked.add(upTo);
            damage.ifPresent(problem -> {
                throw new StoreException(problem);
            });
        }

        @Override
        public void close() {}
    }

    private static final class Kept implements ImageStore {
        private Optional<Image> newest = Optional.empty();
        private boolean fails;
        private int count;

        @Override
        public Optional<Image> newest(String form) {
            return newest.filter(image -> image.form().equals(form));
        }

        @Override
        public void keep(Image image) {
            if (fails) {
                throw new StoreException(new Problem("disk", "no room", "room", "free some"));
            }
            newest = Optional.of(image);
            count++;
        }

        @Override
        public void close() {}
    }
}
