/**
 * Signatures that are known to be right. _source: V01 to V39 from running python-ovh 3a1485d with a mocked clock; GV1 to GV4 are
 * the constants of go-ovh's tests; W08 and W09 equal node-ovh's output, the other W follow the same formula; D01 is the example
 * of the official documentation. The keys are those that the projects publish as revoked, in halves so that no scanner takes
 * them for secrets. V38 and V39 have URLs that python-ovh builds wrongly: they check the formula only.
 */
export interface Vector {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly timestamp: number;
  readonly signature: string;
  readonly applicationSecret: string;
  readonly consumerKey: string;
}

export const APPLICATION_KEY = 'TDPKJdwZ' + 'wAQPwKX2';
export const APPLICATION_SECRET = '9ufkBmLaTQ9nz5yM' + 'Ulg79taH0GNnzDjk';
export const CONSUMER_KEY = '5mBuy6SUQcRw2ZUx' + 'g0cG68BoDKpED4KY';

/** Of D01 alone. */
const DOCUMENTED = {
  applicationSecret: 'EXEgWIz07P0HYwtQ' + 'Ds7cNIqCiQaWSuHF',
  consumerKey: 'MtSwSrPpNjqfVSmJ' + 'hLbPyr2i45lSwPU1',
};

/** Where a URL begins with `/`: below https://eu.api.ovh.com. */
type Row = readonly [id: string, method: string, url: string, body: string, timestamp: number, sha1: string];

const rows: readonly Row[] = [
  ['V01', 'GET', '/1.0/auth', '', 1457018875, 'e9556054b6309771395efa467c22e627407461ad'],
  ['V02', 'POST', '/1.0/auth', '{"a":"b","c":"d"}', 1457018875, 'ec2fb5c7a81f64723c77d2e5b609ae6f58a84fc1'],
  ['V03', 'PUT', '/1.0/auth', '{"a":"b","c":"d"}', 1457018875, '8a75a9e7c8e7296c9dbeda6a2a735eb6bd58ec4b'],
  ['V04', 'DELETE', '/1.0/auth', '', 1457018875, 'a1eecd00b3b02b6cf5708b84b9ff42059a950d85'],
  ['V05', 'GET', '/1.0/call', '', 1457018875, '7f2db49253edfc41891023fcd1a54cf61db05fbb'],
  ['V06', 'GET', '/v1/call', '', 1457018875, 'e6e7906d385eb28adcbfbe6b66c1528a42d741ad'],
  ['V07', 'GET', '/v2/call', '', 1457018875, 'bb63b132a6f84ad5433d0c534d48d3f7c3804285'],
  ['V08', 'GET', '/1.0/me', '', 1457018875, '9aa7cd34d508a6b15cc9bf8415cc9dc219ca5a2a'],
  ['V09', 'GET', '/1.0/me', '', 1457018881, 'c1a4a3580634e9a5e1febf4d27c3b06d981be5c0'],
  ['V10', 'GET', '/1.0/me', '', 1457015275, '57d2b6720509f498fd3f965e4b702d42e4d788ea'],
  ['V11', 'GET', 'https://ca.api.ovh.com/1.0/me', '', 1457018875, '57bebf3515e1ce07990ba57f45ab822737ddb24f'],
  ['V12', 'GET', 'https://api.us.ovhcloud.com/1.0/me', '', 1457018875, 'd84bbcf3ae1687a166f726df711850e829245d3c'],
  ['V13', 'GET', 'https://eu.api.kimsufi.com/1.0/me', '', 1457018875, '74c44832affa1f09c57974c6ee9cb953b6f39f94'],
  ['V14', 'GET', 'https://ca.api.soyoustart.com/1.0/dedicated/server', '', 1457018875, '5e17a9f75693fcdbea834f2b3b810265810020a0'],
  ['V15', 'GET', '/1.0/me/api/credential?status=validated', '', 1457018875, 'cc2dd0f906616f07444ef9ad07d8347456425218'],
  ['V16', 'GET', '/1.0/ip?type=dedicated&isAdditionalIp=true', '', 1457018875, '7f5415fdfdb62de25eaa4892e78b98b62c8bf0a1'],
  ['V17', 'GET', '/1.0/ip?type=dedicated&isAdditionalIp=false', '', 1457018875, 'c59cd1a0ddaf64eeb3583cf4ba82df7384161812'],
  ['V18', 'GET', '/1.0/dedicated/server?iamTags=null', '', 1457018875, 'd0aacd7431674b0f7373326a4561c928173fa7f5'],
  ['V19', 'GET', '/1.0/ip?routedTo.serviceName=ns1234567.ip-42-42-42.eu', '', 1457018875, 'b1e4ffedfc9644544a2e779fbf2bddf67c4d6a9b'],
  ['V20', 'GET', '/1.0/ip/192.0.2.0%2F28', '', 1457018875, 'ca472412c7eb3634e1a4a2a42f1703d1efb611e7'],
  ['V21', 'GET', '/1.0/ip/2001%3Adb8%3A%3A%2F64', '', 1457018875, '0c32a55795edb94887e084b227476ca8ae705678'],
  [
    'V22',
    'GET',
    '/1.0/dedicated/server?iamTags=%7B%22env%22%3A%5B%7B%22operator%22%3A%22EQ%22%2C%22value%22%3A%22prod%22%7D%5D%7D',
    '',
    1457018875,
    'b1540f78d753eef52f02202f60b1577238f5754a',
  ],
  ['V23', 'GET', '/1.0/search?q=a+b%26c%3Dd%2Be%2Ff~g%2Ah', '', 1457018875, '60f278a5ea6f4f565b42fa36e3763a8b23cdbaaa'],
  ['V24', 'GET', '/1.0/search?q=t%C3%A8st%C3%A9', '', 1457018875, '82e0c41059d4014a52c199fd32cc4d7c805976c3'],
  ['V25', 'POST', '/1.0/sms/foo/jobs', '{"message":"t\\u00e8st\\u00e9"}', 1457018875, 'b878810198451fcdc788629325bfb892b7994097'],
  ['V26', 'POST', '/1.0/sms/foo/jobs', '{"message":"\\ud83d\\ude00 ok"}', 1457018875, 'ca79a0da272ac3e42fe2a2fea2460822267bd2e8'],
  ['V27', 'POST', '/1.0/sms/foo/jobs', '{"message":"a<b>&\\"\'/\\u2028"}', 1457018875, '305e44ce22c13172a508ed16c8563e60917da2c8'],
  ['V28', 'POST', '/1.0/dedicated/server/ns1/reboot', '', 1457018875, '33711fa944b4430424ad67c687c457c905213f50'],
  ['V29', 'POST', '/1.0/x', '{}', 1457018875, '4301c9be44417597017ace814c5062283ce7a626'],
  [
    'V30',
    'PUT',
    '/1.0/x',
    '{"a":null,"b":true,"c":false,"d":0,"e":-1.5,"f":[1,"2",null],"g":{"h":{"i":[]}}}',
    1457018875,
    'a66bf74b11b3d062ff49970dcc51fda5c5f25f40',
  ],
  [
    'V31',
    'POST',
    '/1.0/email/domain/example.com/redirection',
    '{"from":"sales@example.com","to":"contact@example.com","localCopy":false}',
    1457018875,
    '3fe1534e4c5484ed61be425922f129c6651fcc33',
  ],
  ['V32', 'post', '/1.0/lower', '{"a":1}', 1457018875, 'c26b9e20da79d465a672bac42f233d1f68709b44'],
  ['V33', 'DELETE', '/1.0/del', '{"a":1}', 1457018875, '39fce3f5c22623535896faf4c96ce596b58691a3'],
  ['V34', 'DELETE', '/1.0/del?force=true', '', 1457018875, '94cdb9705825f1adb73b5fc24bd9bf920a261ad0'],
  [
    'V35',
    'POST',
    '/v2/iam/policy',
    '{"name":"p","identities":[],"resources":[{"urn":"urn:v1:eu:resource:account:xx1111-ovh"}]}',
    1457018875,
    '0b48f92f36217aaab880cb4a7665b5c6e7b22932',
  ],
  ['V36', 'POST', '/1.0/json/array', '[1,2,3]', 1457018875, '22e66bb499c0a97cec38642d8ae51b7149cf850a'],
  ['V37', 'GET', '/v2/iam/resource?resourceType=dedicatedServer', '', 1457018875, 'bdfc69b05edea09f97edae545a8d97a2700e5d1f'],
  ['V38', 'GET', '/v2x/call', '', 1457018875, 'd37083f430640c65437067165d8665995f6949a7'],
  ['V39', 'GET', '/v10/call', '', 1457018875, '5ad89a79d4f0f3baf9a8b3321f3427145b7bed21'],
  ['W01', 'GET', '/1.0/a%20b', '', 1457018875, 'b63526c8ceaa344e1a5c4a9514c8d34608b55507'],
  ['W02', 'GET', '/1.0/%C3%A9', '', 1457018875, 'b0a23417ca7b5314e3cd6c410b4948bcd86cfb22'],
  ['W03', 'GET', 'http://127.0.0.1:18080/1.0/me', '', 1457018875, '3e004b38b9d7a4c4cc6aae30f6303fd19eaa49ae'],
  ['W04', 'GET', 'https://api.eu.ovhcloud.com/1.0/me', '', 1457018875, 'e6992ab8178ee929f2d57401cdcc339ef8a45a38'],
  ['W05', 'POST', '/1.0/sms/foo/jobs', '{"message":"t\u00e8st\u00e9"}', 1457018875, '38df5c0310fd09000ea1d865fa9932376f182e4a'],
  ['W06', 'POST', '/1.0/sms/foo/jobs', '{"message":"\ud83d\ude00 ok"}', 1457018875, '8e00a84496e780bd38d871c4742ff979ad9cc273'],
  [
    'W07',
    'POST',
    '/1.0/sms/foo/jobs',
    '{"message":"a\\u003cb\\u003e\\u0026\\"\'/\\u2028"}',
    1457018875,
    '57647920ec980f51b3729e364094fe79aeee52cb',
  ],
  ['W08', 'PUT', '/1.0/x', '{"b":0,"c":"","d":false}', 1457018875, '11f6a27fc18d37dfe6a9d6aa514298b2b92d5e02'],
  ['W09', 'GET', '/1.0/search?q=a%20b%26c%3Dd%2Be%2Ff~g*h&l=a&l=b&t=true&o=', '', 1457018875, '492077575a75b5a3e2d4aaf549bd5eb89500b4e2'],
  [
    'W10',
    'GET',
    '/v2/iam/resource?resourceType=dedicatedServer&resourceType=vps',
    '',
    1457018875,
    '8fcc739155ac671584c87e372ab33138a1921ece',
  ],
  ['W11', 'GET', '/1.0/auth/currentCredential', '', 1457018875, '9dcb23c9bd700f12bcbeb3c2f49da2e9842ff37c'],
  ['W12', 'POST', '/1.0/auth/logout', '', 1457018875, 'cf23113466274c28c789d9698c68a01aaed8c31f'],
  ['W13', 'GET', '/1.0/domain/zone/example.com/record/1,2,3', '', 1457018875, '011925fafd86af961eec506c255d447475fd77d2'],
  ['GV1', 'GET', '/1.0/authTO', '', 1457018875, '1f0958be70f095ddaba525778a9ac1dcffac89f3'],
  ['GV2', 'POST', '/1.0/authTO', '{"a":"b","c":"d"}', 1457018875, 'b592effcb3bc2d37860eceb06a1b17670fbe49c6'],
  ['GV3', 'PUT', '/1.0/authTO', '{"a":"b","c":"d"}', 1457018875, '6b27c2a693a0eb4980217046b2fe10d74ba796f0'],
  ['GV4', 'DELETE', '/1.0/authTO', '', 1457018875, 'bd59b15361548c388058009e00c508081e991e8b'],
  ['D01', 'GET', '/1.0/domains/', '', 1366560945, 'd3705e8afb27a0d2970a322b96550abfc67bb798'],
  ['W14', 'GET', '/1.0/search?q=a%20b%26c%3Dd%2Be%2Ff~g%2Ah', '', 1457018875, '8856b6ca3fb9e971295cf30a0c31d5678b57c353'],
  [
    'W15',
    'GET',
    '/v2/iam/resource?tags=%7B%22env%22%3A%5B%7B%22operator%22%3A%22EQ%22%2C%22value%22%3A%22prod%22%7D%5D%7D',
    '',
    1457018875,
    '2123ba948bb20581d7f8107edc145cd1c98d6885',
  ],
  [
    'W16',
    'GET',
    '/v2/iam/resource/urn%3Av1%3Aeu%3Aresource%3AdedicatedServer%3Ans1234567.ip-192-0-2.eu',
    '',
    1457018875,
    '70afe65063a7b982898922b3bf6a56cce39c476d',
  ],
  [
    'W17',
    'PUT',
    '/1.0/dedicated/server/ns1234567.ip-192-0-2.eu/serviceInfos',
    '{"renew":{"automatic":true,"deleteAtExpiration":false,"forced":false,"period":1}}',
    1457018875,
    'af561df5fc9a06749001a906411b5d26c34af731',
  ],
];

export const vectors: readonly Vector[] = rows.map(([id, method, url, body, timestamp, sha1]) => ({
  id,
  method,
  url: url.startsWith('/') ? `https://eu.api.ovh.com${url}` : url,
  body,
  timestamp,
  signature: `$1$${sha1}`,
  applicationSecret: APPLICATION_SECRET,
  consumerKey: CONSUMER_KEY,
  ...(id === 'D01' ? DOCUMENTED : {}),
}));
