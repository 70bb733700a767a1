/** Tests of the parts of the menu. */
package org.processmanager.examples.menu;
