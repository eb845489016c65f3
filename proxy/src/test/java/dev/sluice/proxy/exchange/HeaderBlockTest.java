package dev.sluice.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeaderBlockTest {
    private static final int ROUNDS = 2_000;

    private static HeaderBlock block(String... fields) {
        HeaderBlock block = new HeaderBlock();
        for (int i = 0; i < fields.length; i += 2) {
            block.add(fields[i], new AsciiString(fields[i + 1]));
        }
        return block;
    }

    @Test
    void a_name_is_found_whatever_type_of_text_holds_it() {
        HeaderBlock block = block("accept", "a", "x-user", "u");

        assertThat(block.first("x-user")).hasToString("u");
        assertThat(block.first(new AsciiString("x-user"))).hasToString("u");
        assertThat(block.contains(CharBuffer.wrap("accept"))).isTrue();
        assertThat(block.first("x-uses")).isNull();
        assertThat(block.contains("")).isFalse();
    }

    @Test
    void values_of_one_name_are_joined_in_the_order_of_the_wire() {
        HeaderBlock block = block("a", "1", "b", "x", "a", "2", "a", "3");

        assertThat(block.joined("a")).hasToString("1,2,3");
        assertThat(block.joined("b")).hasToString("x");
        assertThat(block.joined("c")).isNull();
    }

    @Test
    void removing_says_whether_there_was_one_and_keeps_the_others_in_order() {
        HeaderBlock block = block("a", "1", "b", "x", "a", "2", "c", "y");

        assertThat(block.remove("a")).isTrue();
        assertThat(block.remove("a")).isFalse();

        assertThat(block).hasToString("b: x\nc: y\n");
        assertThat(block.add("a", "3").first("a")).isEqualTo("3");
    }

    @Test
    void a_copy_finds_what_the_original_finds_and_changes_alone() {
        HeaderBlock block = block("a", "1");
        HeaderBlock copy = block.copy().add("b", "2");

        assertThat(copy.first("a")).hasToString("1");
        assertThat(copy.contains("b")).isTrue();
        assertThat(block.contains("b")).isFalse();
    }

    @Test
    void finds_what_a_plain_list_finds() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        HeaderBlock block = new HeaderBlock();
        List<String> model = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            String name = "h".repeat(random.nextInt(4)) + (char) ('a' + random.nextInt(26));
            switch (random.nextInt(4)) {
                case 0 -> {
                    block.add(name, "v");
                    model.add(name);
                }
                case 1 ->
                        assertThat(block.remove(name))
                                .as("seed %d, removal of %s", seed, name)
                                .isEqualTo(model.removeIf(name::equals));
                case 2 -> {
                    block.set(name, "v");
                    int at = model.indexOf(name);
                    if (at < 0) {
                        model.add(name);
                    } else {
                        List<String> behind = model.subList(at + 1, model.size());
                        behind.removeIf(name::equals);
                    }
                }
                default ->
                        assertThat(block.contains(name))
                                .as("seed %d, search for %s", seed, name)
                                .isEqualTo(model.contains(name));
            }
        }
        List<String> names = new ArrayList<>();
        block.forEach((name, value) -> names.add(name.toString()));
        assertThat(names).as("seed %d", seed).isEqualTo(model);
    }
}
