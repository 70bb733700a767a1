/** The commands that send, receive and inspect messages. */
@NullMarked
package org.processmanager.examples.app.cli.channel;

import org.jspecify.annotations.NullMarked;
