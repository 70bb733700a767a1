package org.processmanager.examples.app.menu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChildMessageTest {
    @Test
    void decode_givesBackWhatWasEncoded() {
        for (ChildMessage message : List.of(
                ChildMessage.of(0, ChildMessage.OK),
                ChildMessage.of(7, ChildMessage.CREATE, "a name with blanks ä"),
                ChildMessage.of(8, ChildMessage.REFUSED, ""),
                new ChildMessage(9, ChildMessage.OK, List.of(List.of("a", "", "c"), List.of("d"))))) {
            assertEquals(message, ChildMessage.decode(message.encode()));
        }
    }

    @Test
    void encode_keepsSeparatorsOutOfFields() {
        ChildMessage message = ChildMessage.of(1, ChildMessage.CREATE, "two\nlines\tand tabs");
        assertEquals("two lines and tabs", ChildMessage.decode(message.encode()).field());
    }

    @Test
    void decode_refusesWhatIsNone() {
        assertThrows(IllegalArgumentException.class, () -> ChildMessage.decode(""));
        assertThrows(IllegalArgumentException.class, () -> ChildMessage.decode("x\tok"));
        assertThrows(IllegalArgumentException.class, () -> ChildMessage.decode("1"));
    }
}
