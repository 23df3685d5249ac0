/** Where WoLive's rows say that an agent without a picture has one. */
export const DEFAULT_AVATAR_PATH = '/assets/images/admin/avatar-admin2.png';

/** Head and shoulders with a headset, to be drawn at 128 × 128. */
export const defaultAvatarSvg = `<svg xmlns="http://www.w3.org/2000/svg" width="128" height="128" viewBox="0 0 128 128">
<rect width="128" height="128" fill="#dfe8f7"/>
<path d="M18 128c2-26 20-40 46-40s44 14 46 40z" fill="#4a6fa5"/>
<circle cx="64" cy="54" r="25" fill="#f6d7bd"/>
<path d="M38 52c0-20 11-31 26-31s26 11 26 31c-6-5-10-11-11-17-9 6-24 9-34 6-2 4-4 8-7 11z" fill="#3b3f4a"/>
<path d="M36 58V52a28 28 0 0 1 56 0v6" fill="none" stroke="#2b3a55" stroke-width="5"/>
<rect x="31" y="53" width="10" height="17" rx="5" fill="#2b3a55"/>
<rect x="87" y="53" width="10" height="17" rx="5" fill="#2b3a55"/>
<path d="M92 70c0 8-8 12-19 12" fill="none" stroke="#2b3a55" stroke-width="4" stroke-linecap="round"/>
</svg>`;
