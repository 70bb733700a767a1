/** {@code pm top}: a state that keys change, what it looks like, and the loop that samples, reads keys and draws. */
@NullMarked
package org.processmanager.examples.app.cli.top;

import org.jspecify.annotations.NullMarked;
