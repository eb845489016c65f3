package dev.sluice.proxy.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.codec.http1.KeepAlive.Decision;
import org.junit.jupiter.api.Test;

class KeepAliveTest {
    @Test
    void a_connection_is_worn_by_its_last_request() {
        KeepAlive connection = new KeepAlive(2);
        connection.requested();
        assertThat(connection.decide(/* lasts= */ true)).isEqualTo(Decision.GOES_ON);
        assertThat(connection.isOn()).isTrue();
        connection.requested();
        assertThat(connection.decide(/* lasts= */ true)).isEqualTo(Decision.WORN);
        assertThat(connection.isOn()).isFalse();
    }

    @Test
    void a_connection_that_ends_anyway_is_not_worn() {
        KeepAlive connection = new KeepAlive(1);
        connection.requested();
        assertThat(connection.decide(/* lasts= */ false)).isEqualTo(Decision.ENDS);
    }

    @Test
    void a_drain_ends_it_with_the_next_answer_and_is_news_once() {
        KeepAlive connection = new KeepAlive(0);
        connection.requested();
        assertThat(connection.drain()).isTrue();
        assertThat(connection.drain()).isFalse();
        assertThat(connection.isOn()).isTrue();
        assertThat(connection.decide(/* lasts= */ true)).isEqualTo(Decision.ENDS);
    }

    @Test
    void no_limit_never_wears() {
        KeepAlive connection = new KeepAlive(0);
        connection.requested();
        assertThat(connection.decide(/* lasts= */ true)).isEqualTo(Decision.GOES_ON);
    }
}
